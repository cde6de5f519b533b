/** One figure over the time of a soak: of a process, or of the home's disk. */
export type Series = {
	readonly name: string;
	readonly unit: 'MiB' | '';
	readonly values: readonly number[];
	/** How much more the end may have than the middle: a share of it, and so much besides. */
	readonly share: number;
	readonly slack: number;
};

export type Verdict = {readonly ok: boolean; readonly text: string};

/**
 * Compares the last quarter with the second one (the first is for warming up), each by its median: what leaks grows from one to
 * the other, what only goes up and down does not.
 */
export function judge({name, unit, values, share, slack}: Series): Verdict {
	const quarter = Math.floor(values.length / 4);
	if (quarter < 2) {
		return {ok: false, text: `${name}: only ${values.length} samples were taken`};
	}

	const before = median(values.slice(quarter, 2 * quarter));
	const after = median(values.slice(-quarter));
	const most = before * (1 + share) + slack;
	const say = (value: number) => `${Math.round(value * 10) / 10}${unit && ` ${unit}`}`;
	return {ok: after <= most, text: `${name}: ${say(before)} → ${say(after)}, at most ${say(most)}`};
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
