import type {Random} from '../../core/model/id.ts';

/** From the first number up to the second, both included. */
export type Range = readonly [number, number];

/** Chance that repeats itself: the same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
	let state = seed | 0;
	return () => {
		// A counter, its bits mixed twice: neighbouring seeds have nothing in common.
		state = (state + 0x9e_37_79_b9) | 0;
		let mixed = Math.imul(state ^ (state >>> 16), 0x21_f0_aa_ad);
		mixed = Math.imul(mixed ^ (mixed >>> 15), 0x73_5a_2d_97);
		return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
	};
}

export function between(random: Random, [from, to]: Range): number {
	return from + Math.floor(random() * (to - from + 1));
}

/** One of them; undefined when there is none. */
export function pick<T>(random: Random, items: readonly T[]): T | undefined {
	return items[Math.floor(random() * items.length)];
}
