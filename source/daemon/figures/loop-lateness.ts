import type {Clock} from '../../core/clock.ts';

const everyMs = 500;
const keptSamples = 120;

/** How late this process's timers come, over the last minute: what it takes to answer at the worst. */
export class LoopLateness {
	readonly #clock: Clock;
	readonly #samples: number[] = [];
	#cancel = () => {};

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	start(): void {
		const dueMs = this.#clock.monotonicMs() + everyMs;
		this.#cancel = this.#clock.after(everyMs, () => {
			this.#samples.push(Math.max(0, this.#clock.monotonicMs() - dueMs));
			this.#samples.splice(0, this.#samples.length - keptSamples);
			this.start();
		});
	}

	stop(): void {
		this.#cancel();
	}

	get worstMs(): number {
		return Math.round(Math.max(0, ...this.#samples));
	}
}
