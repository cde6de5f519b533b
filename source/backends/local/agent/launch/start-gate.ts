/** Starting a process holds everything up for two milliseconds; between so many starts others have their turn. */
const startsPerTurn = 2;

/** Each who asks is let through in the order of asking, a few in a turn of the event loop. */
export function createStartGate(): () => Promise<void> {
	const waiting: Array<() => void> = [];

	function letThrough(): void {
		for (const resolve of waiting.splice(0, startsPerTurn)) {
			resolve();
		}

		if (waiting.length > 0) {
			setImmediate(letThrough);
		}
	}

	return () =>
		new Promise(resolve => {
			waiting.push(resolve);
			if (waiting.length === 1) {
				setImmediate(letThrough);
			}
		});
}
