import type {Clock} from '../core/clock.ts';

/** The real one. Timers do not keep the process alive: what listens does. */
export const realClock: Clock = {
	now: () => Date.now(),
	monotonicMs: () => performance.now(),
	after(delayMs, callback) {
		// Above this a timer would fire at once; whoever waits so long looks again and waits on.
		const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
		return () => clearTimeout(timer);
	},
};
