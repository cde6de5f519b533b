import type {Clock} from '../core/clock.ts';
import {wait} from '../live/back-off.ts';

export type Pulse = {
	/** Something has changed. */
	news(): void;
	/** Whoever waits hears of it by `next` throwing. */
	fail(error: unknown): void;
	/** Comes back soon after news, many at once, and after a second at most for what comes by time alone. */
	next(atMostMs?: number): Promise<void>;
};

const tickMs = 1000;

/** Says when to look again: at most every `restMs`. */
export function createPulse(clock: Clock, signal: AbortSignal, restMs: number): Pulse {
	let news = new AbortController();
	let lookedMs = Number.NEGATIVE_INFINITY;
	let failure: {readonly error: unknown} | undefined;
	return {
		news() {
			news.abort();
		},
		fail(error) {
			failure = {error};
			news.abort();
		},
		async next(atMostMs = tickMs) {
			await wait(Math.max(0, Math.min(tickMs, atMostMs)), clock, AbortSignal.any([news.signal, signal]));
			const restLeftMs = lookedMs + restMs - clock.monotonicMs();
			if (restLeftMs > 0) {
				await wait(restLeftMs, clock, signal);
			}

			news = new AbortController();
			lookedMs = clock.monotonicMs();
			if (failure !== undefined) {
				throw failure.error;
			}
		},
	};
}
