import type {Clock} from '../core/clock.ts';
import type {Instant} from '../core/model/index.ts';

/** Keys that have something to decide at a moment; one timer for all, armed for the earliest. */
export class Wakeups {
	readonly #clock: Clock;
	readonly #wake: () => void;
	readonly #due = new Map<string, {readonly at: Instant; readonly run: () => void}>();
	#armed: {readonly at: Instant; readonly cancel: () => void} | undefined;

	constructor(clock: Clock, wake: () => void) {
		this.#clock = clock;
		this.#wake = wake;
	}

	/** Replaces the key's former moment, unless that is earlier. */
	at(key: string, at: Instant, run: () => void): void {
		const known = this.#due.get(key);
		if (known === undefined || at < known.at) {
			this.#due.set(key, {at, run});
			this.#arm();
		}
	}

	clear(): void {
		this.#due.clear();
		this.#armed?.cancel();
		this.#armed = undefined;
	}

	#arm(): void {
		let earliest: Instant | undefined;
		for (const {at} of this.#due.values()) {
			earliest = earliest === undefined || at < earliest ? at : earliest;
		}

		if (earliest === undefined || (this.#armed !== undefined && this.#armed.at <= earliest)) {
			return;
		}

		this.#armed?.cancel();
		const cancel = this.#clock.after(Math.max(0, earliest - this.#clock.now()), () => this.#fire());
		this.#armed = {at: earliest, cancel};
	}

	#fire(): void {
		this.#armed = undefined;
		const now = this.#clock.now();
		for (const [key, {at, run}] of this.#due) {
			if (at <= now) {
				this.#due.delete(key);
				run();
			}
		}

		this.#arm();
		this.#wake();
	}
}
