import type {Upstream} from './upstream.ts';

/** One that its server is about to close must not be given a request: so much earlier it is closed here. */
const marginMs = 1000;
/** Of servers that do not say how long they wait: Node closes after 5 s. */
const unknownMs = 4000;
const maxKeptMs = 60_000;
const maxIdle = 256;

/** Connections to one target that wait for the next request; the one that was used last goes first. */
export class IdleConnections {
	readonly #open: Array<{readonly upstream: Upstream; readonly untilMs: number; readonly sinceMs: number}> = [];

	put(upstream: Upstream, keepAliveSeconds: number | undefined): void {
		const nowMs = performance.now();
		const keptMs = keepAliveSeconds === undefined ? unknownMs : keepAliveSeconds * 1000 - marginMs;
		if (keptMs <= 0 || this.#open.length >= maxIdle) {
			upstream.destroy();
			return;
		}

		this.#open.push({upstream, sinceMs: nowMs, untilMs: nowMs + Math.min(maxKeptMs, keptMs)});
		upstream.rest(() => this.#forget(upstream));
	}

	/** `freshMs`: only one that has rested for less, since what is sent over it cannot be sent again. */
	take(freshMs = Number.POSITIVE_INFINITY): Upstream | undefined {
		const nowMs = performance.now();
		for (let found = this.#open.pop(); found; found = this.#open.pop()) {
			if (found.untilMs > nowMs && nowMs - found.sinceMs < freshMs && found.upstream.isOpen) {
				return found.upstream;
			}

			found.upstream.destroy();
		}

		return undefined;
	}

	closeAll(): void {
		for (const {upstream} of this.#open.splice(0)) {
			upstream.destroy();
		}
	}

	/** Closes what has rested for too long. */
	tidy(): void {
		const nowMs = performance.now();
		while (this.#open[0] && this.#open[0].untilMs <= nowMs) {
			this.#open.shift()?.upstream.destroy();
		}
	}

	#forget(upstream: Upstream): void {
		const index = this.#open.findIndex(entry => entry.upstream === upstream);
		if (index >= 0) {
			this.#open.splice(index, 1);
		}
	}
}
