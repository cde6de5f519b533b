import {formatAge} from '../core/text/units.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** From which age on `formatAge` uses which unit. */
const units = [
	{fromMs: 2 * day, sizeMs: day},
	{fromMs: 2 * hour, sizeMs: hour},
	{fromMs: 2 * minute, sizeMs: minute},
	{fromMs: 0, sizeMs: second},
] as const;

/** In how many milliseconds the text of an age is another one. */
export function ageChangesInMs(ageMs: number): number {
	if (ageMs < 0) {
		return second - ageMs;
	}

	const index = units.findIndex(({fromMs}) => ageMs >= fromMs);
	const {sizeMs} = units[index] ?? units[3];
	const nextCount = (Math.floor(ageMs / sizeMs) + 1) * sizeMs;
	return Math.min(nextCount, units[index - 1]?.fromMs ?? Number.POSITIVE_INFINITY) - ageMs;
}

/** What counts minutes or more is drawn together: an age of an hour may be told so much late, and fifty rows are one frame. */
const togetherMs = 5 * second;

/** Writes the ages of one frame and remembers when the first of them has to be drawn again. */
export class Ages {
	readonly now: number;
	#changesInMs = Number.POSITIVE_INFINITY;

	constructor(now: number) {
		this.now = now;
	}

	/** Of something that began at `since`; absent stays absent. */
	of(since: number | undefined): string {
		if (since === undefined) {
			return '–';
		}

		const ageMs = this.now - since;
		const changesInMs = ageChangesInMs(ageMs);
		this.again(ageMs < 2 * minute ? changesInMs : this.#together(changesInMs));
		return formatAge(ageMs);
	}

	/** Until something that comes at `at`; what is past is `0s`. */
	until(at: number): string {
		const leftMs = Math.max(0, at - this.now);
		this.again(leftMs === 0 ? Number.POSITIVE_INFINITY : (leftMs % second) + 1);
		return formatAge(leftMs);
	}

	#together(inMs: number): number {
		return Math.ceil((this.now + inMs) / togetherMs) * togetherMs - this.now;
	}

	/** Something else in this frame changes by time alone. */
	again(inMs: number): void {
		this.#changesInMs = Math.min(this.#changesInMs, Math.max(1, inMs));
	}

	/** Milliseconds until a text of this frame changes; Infinity: none does. */
	get changesInMs(): number {
		return this.#changesInMs;
	}
}
