/** One figure over the time of a soak: of a process, or of the home's disk. */
export type Series = {
	readonly name: string;
	readonly unit: 'MiB' | '';
	readonly values: readonly number[];
	/** How much more the end may have than the middle: a share of it, and so much besides. */
	readonly share: number;
	readonly slack: number;
	/** What stands for a quarter; the least where work that waits while a machine is busy comes and goes: a leak never goes back. */
	readonly by: 'median' | 'least';
};

export type Verdict = {readonly ok: boolean; readonly text: string};

/**
 * Compares the last quarter with the second one (the first is for warming up): what leaks grows from one to the other, what only
 * goes up and down does not.
 */
export function judge({name, unit, values, share, slack, by}: Series): Verdict {
	const quarter = Math.floor(values.length / 4);
	if (quarter < 2) {
		return {ok: false, text: `${name}: only ${values.length} samples were taken`};
	}

	const of = by === 'least' ? least : median;
	const before = of(values.slice(quarter, 2 * quarter));
	const after = of(values.slice(-quarter));
	const most = before * (1 + share) + slack;
	const say = (value: number) => `${Math.round(value * 10) / 10}${unit && ` ${unit}`}`;
	return {ok: after <= most, text: `${name}: ${say(before)} → ${say(after)}, at most ${say(most)}`};
}

function least(values: readonly number[]): number {
	return Math.min(...values);
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
