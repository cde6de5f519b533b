/** So long what changes together is gathered. */
const gatherMs = 4;
/** And so long while much goes on: what starts needs the time that many small messages take on both sides. */
const busyGatherMs = 15;

/** Gathers what changed within a few milliseconds, and hands it on together, each once. */
export function createReportQueue<T>(flush: (changed: readonly T[]) => void): (changed: T) => void {
	let waiting = new Set<T>();
	let flushedMs = Number.NEGATIVE_INFINITY;
	return changed => {
		waiting.add(changed);
		if (waiting.size === 1) {
			const isBusy = performance.now() - flushedMs < busyGatherMs;
			setTimeout(
				() => {
					flushedMs = performance.now();
					const gathered = [...waiting];
					waiting = new Set();
					flush(gathered);
				},
				isBusy ? busyGatherMs : gatherMs,
			);
		}
	};
}
