const seconds = 60;

/** Counts what was asked of a control plane within the last minute, second by second. Times are monotonic milliseconds. */
export class RequestRate {
	/** By second modulo 60; each says which second it is of. */
	readonly #buckets = Array.from({length: seconds}, () => ({second: Number.NEGATIVE_INFINITY, count: 0}));

	note(atMs: number): void {
		const second = Math.floor(atMs / 1000);
		const bucket = this.#buckets[second % seconds];
		if (bucket === undefined) return;
		if (bucket.second !== second) Object.assign(bucket, {second, count: 0});
		bucket.count++;
	}

	inLastMinute(nowMs: number): number {
		const first = Math.floor(nowMs / 1000) - seconds + 1;
		return this.#buckets.reduce((sum, {second, count}) => (second >= first ? sum + count : sum), 0);
	}
}
