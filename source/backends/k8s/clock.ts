import type {Clock} from '../../core/clock.ts';

/** The real one; its timers keep no process alive. */
export const clock: Clock = {
	now: () => Date.now(),
	// `performance` would load perf_hooks, which is 2 ms of a short command.
	monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
	after(delayMs, callback) {
		const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
		timer.unref();
		return () => clearTimeout(timer);
	},
};
