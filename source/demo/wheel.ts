import type {Clock} from '../core/clock.ts';

/** How often anything happens. */
export const tickMs = 100;

/** What fell due while the process did not come to run is made up for, up to so much; after more it goes on from there. */
const mostMissed = 20;

/**
 * One timer for everything: what is due at the same tick happens together, so that thousands of things that go on cost ten
 * wake-ups a second.
 */
export class Wheel {
	readonly #clock: Clock;
	readonly #due = new Map<number, Array<() => void>>();
	readonly #each: Array<(tick: number) => void> = [];
	/** When the first tick would have been, by the monotonic clock. */
	#beganMs: number;
	#tick = 0;
	#cancel: () => void;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#beganMs = clock.monotonicMs();
		this.#cancel = clock.after(tickMs, () => this.#turn());
	}

	/** Once, at the first tick after the delay. */
	after(delayMs: number, run: () => void): void {
		const tick = this.#tick + Math.max(1, Math.ceil(delayMs / tickMs));
		const there = this.#due.get(tick);
		there === undefined ? this.#due.set(tick, [run]) : there.push(run);
	}

	/** At each tick, after all that was due at it. */
	each(run: (tick: number) => void): void {
		this.#each.push(run);
	}

	stop(): void {
		this.#cancel();
		this.#due.clear();
		this.#each.length = 0;
	}

	#turn(): void {
		const nowMs = this.#clock.monotonicMs();
		const missed = Math.floor((nowMs - this.#beganMs) / tickMs) - this.#tick - mostMissed;
		this.#beganMs += Math.max(0, missed) * tickMs;
		while (this.#beganMs + (this.#tick + 1) * tickMs <= nowMs) {
			this.#step();
		}

		const nextMs = this.#beganMs + (this.#tick + 1) * tickMs;
		this.#cancel = this.#clock.after(nextMs - nowMs, () => this.#turn());
	}

	#step(): void {
		this.#tick++;
		const due = this.#due.get(this.#tick) ?? [];
		this.#due.delete(this.#tick);
		for (const run of due) {
			run();
		}

		for (const run of this.#each) {
			run(this.#tick);
		}
	}
}
