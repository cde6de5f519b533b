import type {Clock} from '../../core/clock.ts';

export type RateLimit = {
	/** Comes back when one more may be made. */
	take(signal: AbortSignal | undefined): Promise<void>;
	/** So many were made in the last second. */
	rate(): number;
};

export type RateLimitOptions = {readonly perSecond: number; readonly burst: number; readonly clock: Clock};

/** A bucket of `burst` that fills again with `perSecond`: who finds it empty waits for its turn. */
export function createRateLimit({perSecond, burst, clock}: RateLimitOptions): RateLimit {
	let tokens = burst;
	let filledAtMs = clock.monotonicMs();
	const made: number[] = [];

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

			made.push(clock.monotonicMs());
			if (made.length > burst) made.shift();
		},
		rate() {
			const since = clock.monotonicMs() - 1000;
			return made.filter(at => at > since).length;
		},
	};
}
