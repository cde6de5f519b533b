import type {Clock} from '../../../core/clock.ts';
import {RequestRate} from '../../../core/request-rate.ts';

export type RateLimit = {
	/** Comes back when one more may be made. */
	take(signal: AbortSignal | undefined): Promise<void>;
	/** So many were made in the last minute. */
	rate(): number;
};

export type RateLimitOptions = {readonly perSecond: number; readonly burst: number; readonly clock: Clock};

/** A bucket of `burst` that fills again with `perSecond`: who finds it empty waits for its turn. */
export function createRateLimit({perSecond, burst, clock}: RateLimitOptions): RateLimit {
	let tokens = burst;
	let filledAtMs = clock.monotonicMs();
	const made = new RequestRate();

	return {
		async take(signal) {
			const now = clock.monotonicMs();
			tokens = Math.min(burst, tokens + ((now - filledAtMs) / 1000) * perSecond) - 1;
			filledAtMs = now;
			if (tokens < 0) {
				await new Promise<void>((resolve, reject) => {
					const cancel = clock.after((-tokens / perSecond) * 1000, resolve);
					const abort = () => {
						cancel();
						tokens++;
						reject(signal?.reason);
					};
					signal?.addEventListener('abort', abort, {once: true});
				});
			}

			made.note(clock.monotonicMs());
		},
		rate: () => made.inLastMinute(clock.monotonicMs()),
	};
}
