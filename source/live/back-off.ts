import type {Clock} from '../core/clock.ts';
import type {Random} from '../core/model/id.ts';

const firstMs = 250;
const longestMs = 8000;

/** How long to wait after so many failures in a row: 0.25 s, doubling up to 8 s, half of it left to chance. */
export function backOffMs(failures: number, random: Random): number {
	const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
	return whole * (0.5 + random() / 2);
}

/** Waits by the clock; ends early when the signal aborts. */
export function wait(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		if (signal.aborted) {
			resolve();
			return;
		}

		const end = () => {
			cancel();
			signal.removeEventListener('abort', end);
			resolve();
		};
		const cancel = clock.after(delayMs, end);
		signal.addEventListener('abort', end);
	});
}
