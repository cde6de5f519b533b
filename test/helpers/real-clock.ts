import type {Clock} from '../../source/core/clock.ts';

/** The clock on the wall, for what runs in a terminal of its own. */
export const realClock: Clock = {
	now: () => Date.now(),
	monotonicMs: () => performance.now(),
	after(delayMs, callback) {
		const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
		return () => clearTimeout(timer);
	},
};
