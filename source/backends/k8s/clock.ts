import type {Clock} from '../../core/clock.ts';

/** The real one; its timers keep no process alive. */
export const clock: Clock = {
	now: () => Date.now(),
	monotonicMs: () => performance.now(),
	after(delayMs, callback) {
		const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
		timer.unref();
		return () => clearTimeout(timer);
	},
};
