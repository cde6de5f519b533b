import {heartbeatMs, leaseExpired, leaseMs, wasLate} from '../../core/lease.ts';

/** When each node's lease ends, on the monotonic clock. Not stored: after a start everyone has a whole lease. */
export class Leases {
	readonly #endsAtMs = new Map<string, number>();
	#expectedAtMs: number | undefined;

	renew(nodeId: string, nowMs: number, forMs = leaseMs): void {
		this.#endsAtMs.set(nodeId, nowMs + forMs);
	}

	drop(nodeId: string): void {
		this.#endsAtMs.delete(nodeId);
	}

	/** Looked at as often as agents send heartbeats; the answer names the nodes whose lease has run out. */
	expired(nowMs: number): string[] {
		if (this.#expectedAtMs !== undefined && wasLate(this.#expectedAtMs, nowMs)) {
			for (const [nodeId, endsAtMs] of this.#endsAtMs) {
				this.#endsAtMs.set(nodeId, Math.max(endsAtMs, nowMs + leaseMs));
			}
		}

		this.#expectedAtMs = nowMs + this.nextCheckMs(nowMs);
		return [...this.#endsAtMs].filter(([, endsAtMs]) => leaseExpired(endsAtMs, nowMs)).map(([nodeId]) => nodeId);
	}

	/** Until the next look: when the oldest lease may run out, at the most a heartbeat. */
	nextCheckMs(nowMs: number): number {
		let nextMs = heartbeatMs;
		for (const endsAtMs of this.#endsAtMs.values()) {
			const leftMs = endsAtMs - nowMs;
			nextMs = leftMs > 0 ? Math.min(nextMs, leftMs) : nextMs;
		}

		return nextMs;
	}
}
