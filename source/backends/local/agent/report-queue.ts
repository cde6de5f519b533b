/** So long what changes together is gathered. */
const gatherMs = 4;

/** Gathers what changed within a few milliseconds, and hands it on together, each once. */
export function createReportQueue<T>(flush: (changed: readonly T[]) => void): (changed: T) => void {
	let waiting = new Set<T>();
	return changed => {
		waiting.add(changed);
		if (waiting.size === 1) {
			setTimeout(() => {
				const gathered = [...waiting];
				waiting = new Set();
				flush(gathered);
			}, gatherMs);
		}
	};
}
