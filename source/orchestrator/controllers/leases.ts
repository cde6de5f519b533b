import {heartbeatMs, leaseExpired, leaseMs, wasLate} from '../../core/lease.ts';

/** When each node was last heard of, on the monotonic clock. Not stored: after a start everyone has a whole lease. */
export class Leases {
	readonly #heardAtMs = new Map<string, number>();
	#expectedAtMs: number | undefined;

	renew(nodeId: string, nowMs: number): void {
		this.#heardAtMs.set(nodeId, nowMs);
	}

	drop(nodeId: string): void {
		this.#heardAtMs.delete(nodeId);
	}

	/** Looked at as often as agents send heartbeats; the answer names the nodes whose lease has run out. */
	expired(nowMs: number): string[] {
		if (this.#expectedAtMs !== undefined && wasLate(this.#expectedAtMs, nowMs)) {
			for (const nodeId of this.#heardAtMs.keys()) {
				this.#heardAtMs.set(nodeId, nowMs);
			}
		}

		this.#expectedAtMs = nowMs + this.nextCheckMs(nowMs);
		return [...this.#heardAtMs].filter(([, heardAtMs]) => leaseExpired(heardAtMs, nowMs)).map(([nodeId]) => nodeId);
	}

	/** Until the next look: when the oldest lease may run out, at the most a heartbeat. */
	nextCheckMs(nowMs: number): number {
		let nextMs = heartbeatMs;
		for (const heardAtMs of this.#heardAtMs.values()) {
			const leftMs = heardAtMs + leaseMs - nowMs;
			nextMs = leftMs > 0 ? Math.min(nextMs, leftMs) : nextMs;
		}

		return nextMs;
	}
}
