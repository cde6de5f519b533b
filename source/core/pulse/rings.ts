import type {Instant} from '../model/index.ts';

/** What was not measured. */
const absent = Number.NaN;
const noWindow = -1;
const firstRows = 64;

/** One figure over time: so many windows of so long, each its mean (or sum), oldest first; undefined: not measured. */
export type Samples = ReadonlyArray<number | undefined>;

/**
 * Figures of many things over time in one block of memory: 4 bytes for each window of each, whatever comes in between. A
 * window holds the mean of what was recorded in it, or the sum of what was counted.
 */
export class Rings {
	readonly points: number;
	readonly windowMs: number;
	readonly #rows = new Map<string, number>();
	readonly #free: number[] = [];
	#values = new Float32Array(0);
	/** By row: the newest window that something was written to, and how many values its mean is of. */
	#newest = new Float64Array(0);
	#counts = new Uint32Array(0);

	constructor({points, windowMs}: {readonly points: number; readonly windowMs: number}) {
		this.points = points;
		this.windowMs = windowMs;
	}

	/** How many things are known. */
	get size(): number {
		return this.#rows.size;
	}

	/** Measured: a window keeps the mean. */
	record(id: string, now: Instant, value: number): void {
		const row = this.#rowAt(id, now);
		if (row !== undefined) {
			const index = this.#index(row, this.#newest[row] ?? 0);
			const count = (this.#counts[row] ?? 0) + 1;
			const before = count === 1 ? 0 : (this.#values[index] ?? 0);
			this.#counts[row] = count;
			this.#values[index] = before + (value - before) / count;
		}
	}

	/** Happened: a window keeps the sum. */
	count(id: string, now: Instant, happened: number): void {
		const row = this.#rowAt(id, now);
		if (row !== undefined) {
			const index = this.#index(row, this.#newest[row] ?? 0);
			const before = this.#counts[row] === 0 ? 0 : (this.#values[index] ?? 0);
			this.#counts[row] = 1;
			this.#values[index] = before + happened;
		}
	}

	/** The last `points` windows, the last one is that of `now`. */
	samples(id: string, now: Instant): Samples {
		const row = this.#rows.get(id);
		if (row === undefined) {
			return [];
		}

		const last = this.#window(now);
		const newest = this.#newest[row] ?? noWindow;
		return Array.from({length: this.points}, (_, offset) => {
			const window = last - this.points + 1 + offset;
			const value = this.#values[this.#index(row, window)] ?? absent;
			return window > newest || window <= newest - this.points || Number.isNaN(value) ? undefined : value;
		});
	}

	/** Forgets what has not been written to within all windows. */
	sweep(now: Instant): void {
		const oldest = this.#window(now) - this.points;
		for (const [id, row] of this.#rows) {
			if ((this.#newest[row] ?? noWindow) <= oldest) {
				this.#rows.delete(id);
				this.#free.push(row);
			}
		}
	}

	/** The row of an id with `now` as its newest window; undefined: that window is older than what was written already. */
	#rowAt(id: string, now: Instant): number | undefined {
		const row = this.#rows.get(id) ?? this.#newRow(id);
		const window = this.#window(now);
		const newest = this.#newest[row] ?? noWindow;
		if (window < newest) {
			return undefined;
		}

		if (window > newest) {
			for (let skipped = Math.max(newest + 1, window - this.points + 1); skipped <= window; skipped++) {
				this.#values[this.#index(row, skipped)] = absent;
			}

			this.#newest[row] = window;
			this.#counts[row] = 0;
		}

		return row;
	}

	#newRow(id: string): number {
		const row = this.#free.pop() ?? this.#rows.size;
		if (row >= this.#newest.length) {
			this.#grow(Math.max(firstRows, this.#newest.length * 2));
		}

		this.#newest[row] = noWindow;
		this.#values.fill(absent, row * this.points, (row + 1) * this.points);
		this.#rows.set(id, row);
		return row;
	}

	#grow(rows: number): void {
		const {length} = this.#newest;
		const values = new Float32Array(rows * this.points);
		values.set(this.#values);
		this.#values = values;
		const newest = new Float64Array(rows);
		newest.set(this.#newest);
		this.#newest = newest.fill(noWindow, length);
		const counts = new Uint32Array(rows);
		counts.set(this.#counts);
		this.#counts = counts;
	}

	#window(now: Instant): number {
		return Math.floor(now / this.windowMs);
	}

	#index(row: number, window: number): number {
		const position = ((window % this.points) + this.points) % this.points;
		return row * this.points + position;
	}
}
