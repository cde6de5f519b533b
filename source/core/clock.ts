import type {Instant} from './model/meta.ts';

/** Time, injected. The real one is in source/daemon/clock.ts; tests turn a manual one by hand. */
export type Clock = {
	/** Wall clock, for what people read. */
	now(): Instant;
	/** Milliseconds of the monotonic clock, for leases and delays. */
	monotonicMs(): number;
	/** Calls back once; the answer cancels. */
	after(delayMs: number, callback: () => void): () => void;
};
