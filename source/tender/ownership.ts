import {toClusterError} from '../core/error.ts';
import {decideLease, type LeaseSeen} from '../core/tend/lease.ts';
import type {TenderPorts} from './ports.ts';

/** Whether this process is the one that tends the cluster. */
export class Ownership {
	readonly #ports: TenderPorts;
	#seen: LeaseSeen | undefined;
	#seenAtMs = Number.NEGATIVE_INFINITY;
	#lookedAtMs = Number.NEGATIVE_INFINITY;
	#heldUntilMs = Number.NEGATIVE_INFINITY;

	constructor(ports: TenderPorts) {
		this.#ports = ports;
	}

	/** As long as the lease surely has not run out for anybody who watches it. */
	get isMine(): boolean {
		return this.#ports.clock.monotonicMs() < this.#heldUntilMs;
	}

	get owner(): string {
		const {holder} = this.#ports;
		return this.isMine || this.#seen?.holder === holder ? 'me' : (this.#seen?.holder ?? 'nobody');
	}

	async look(): Promise<void> {
		const {backend, clock, options, holder, holderBefore: before} = this.#ports;
		const lease = backend.facets.tend?.lease;
		const {leaseMs, renewMs} = options;
		const nowMs = clock.monotonicMs();
		if (lease === undefined || nowMs - this.#lookedAtMs < renewMs) return;
		this.#lookedAtMs = nowMs;
		const seen = await lease.read();
		if (seen?.revision !== this.#seen?.revision) this.#seenAtMs = nowMs;
		this.#seen = seen;
		if (decideLease({me: holder, before, seen, unchangedMs: nowMs - this.#seenAtMs, leaseMs}) === 'wait') {
			this.#heldUntilMs = Number.NEGATIVE_INFINITY;
			return;
		}

		try {
			await lease.write(holder, seen);
			// From before the write: who saw it later waits longer.
			this.#heldUntilMs = nowMs + leaseMs - renewMs / 2;
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict') throw thrown;
			this.#heldUntilMs = Number.NEGATIVE_INFINITY;
		}
	}

	/** So that whoever waits need not wait longer. */
	async release(): Promise<void> {
		const {backend, holder, holderBefore} = this.#ports;
		const lease = backend.facets.tend?.lease;
		const seen = await lease?.read();
		this.#heldUntilMs = Number.NEGATIVE_INFINITY;
		if (seen && (seen.holder === holder || seen.holder === holderBefore)) await lease?.remove(seen);
	}
}
