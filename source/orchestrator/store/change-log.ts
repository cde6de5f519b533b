type Revised = {readonly revision: number};

/** The newest changes, at most `limit` of them (in memory up to a quarter more, so that dropping costs little). */
export type ChangeLog<T extends Revised> = {
	add(changes: readonly T[]): void;
	/** Every change after `revision`; undefined when some of them are no longer kept. */
	since(revision: number): readonly T[] | undefined;
};

/** `floor`: the revision that the log begins after. */
export function createChangeLog<T extends Revised>(floor: number, limit: number): ChangeLog<T> {
	let kept: T[] = [];
	let start = floor;

	return {
		add(changes) {
			for (const change of changes) {
				kept.push(change);
			}

			if (kept.length > limit * 1.25) {
				start = kept[kept.length - limit - 1]?.revision ?? start;
				kept = kept.slice(-limit);
			}
		},
		since(revision) {
			return revision < start ? undefined : kept.slice(firstAfter(kept, revision));
		},
	};
}

function firstAfter(changes: readonly Revised[], revision: number): number {
	let low = 0;
	let high = changes.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((changes[middle]?.revision ?? 0) > revision) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return low;
}
