import type {Clock} from '../core/clock.ts';

/** Between two calls of the listeners: 10 a second at most. */
export const notifyMs = 100;

/** Calls listeners soon after a change, many changes at once, at most every `notifyMs`. */
export type Notifier = {
	changed(): void;
	/** The answer ends it. */
	subscribe(listener: () => void): () => void;
	close(): void;
};

export function createNotifier(clock: Clock): Notifier {
	const listeners = new Set<() => void>();
	let calledAt = Number.NEGATIVE_INFINITY;
	let cancel: (() => void) | undefined;

	function call(): void {
		cancel = undefined;
		calledAt = clock.monotonicMs();
		for (const listener of [...listeners]) {
			listener();
		}
	}

	return {
		changed() {
			cancel ??= clock.after(Math.max(0, calledAt + notifyMs - clock.monotonicMs()), call);
		},
		subscribe(listener) {
			const own = () => listener();
			listeners.add(own);
			return () => {
				listeners.delete(own);
			};
		},
		close() {
			cancel?.();
			listeners.clear();
		},
	};
}
