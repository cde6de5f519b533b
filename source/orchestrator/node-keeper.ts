import {type ClusterError, toClusterError} from '../core/error.ts';
import {firstLeaseMs, leaseMs} from '../core/lease.ts';
import type {Node} from '../core/model/index.ts';
import {Leases} from './controllers/leases.ts';
import {takeDown} from './controllers/node-controller.ts';
import type {OrchestratorParts} from './orchestrator-parts.ts';

/** Watches the nodes' leases and asks the fleet for what each node's stored state demands. */
export class NodeKeeper {
	readonly #parts: OrchestratorParts;
	readonly #leases = new Leases();
	/** What the fleet was last asked for each node. */
	readonly #asked = new Map<string, string>();
	#cancel: (() => void) | undefined;

	constructor(parts: OrchestratorParts) {
		this.#parts = parts;
	}

	/** Every node gets a whole lease before it is judged. `failed`: a node's end could not be written down. */
	start(failed: (error: ClusterError) => void): void {
		for (const node of this.#parts.store.all('node')) {
			this.ensure(node);
		}

		this.#watch(failed);
	}

	stop(): void {
		this.#cancel?.();
	}

	heard(nodeId: string): void {
		this.#leases.renew(nodeId, this.#parts.clock.monotonicMs());
	}

	/** Asks the fleet once for each change; asking again after a restart does no harm. True: the node's agent may not be told
	 *  anything any more. */
	ensure({id, name, generation, status}: Node): boolean {
		const wanted = status.fencing ? 'fence' : status.state === 'down' ? 'nothing' : 'run';
		const key = `${wanted} ${generation}`;
		if (this.#asked.get(id) !== key) {
			this.#asked.set(id, key);
			if (wanted === 'fence') {
				this.#leases.drop(id);
				this.#parts.fleet.fence({id, name, generation});
			} else if (wanted === 'run') {
				const isNew = status.state === 'unknown';
				this.#leases.renew(id, this.#parts.clock.monotonicMs(), isNew ? firstLeaseMs : leaseMs);
				this.#parts.fleet.keepRunning({id, name, generation});
			}
		}

		return wanted !== 'run';
	}

	/** The fleet has fenced it. Where it is to be fenced again in the same turn, for it is to be removed, the fleet is asked again. */
	fenced(nodeId: string): void {
		this.#asked.delete(nodeId);
	}

	release({id, name, generation}: Node): void {
		this.#leases.drop(id);
		this.#asked.delete(id);
		this.#parts.fleet.release({id, name, generation});
	}

	#watch(failed: (error: ClusterError) => void): void {
		const {clock} = this.#parts;
		const nowMs = clock.monotonicMs();
		const silent = this.#leases.expired(nowMs);
		if (silent.length > 0) {
			this.#takeDown(silent, failed);
		}

		this.#cancel = clock.after(this.#leases.nextCheckMs(nowMs), () => this.#watch(failed));
	}

	#takeDown(nodeIds: readonly string[], failed: (error: ClusterError) => void): void {
		const {store, clock, random} = this.#parts;
		const now = clock.now();
		try {
			store.transact(true, now, tx => {
				for (const nodeId of nodeIds) {
					const node = tx.get('node', nodeId);
					if (node !== undefined && node.status.state !== 'down') {
						const silentMs = node.status.state === 'unknown' ? firstLeaseMs : leaseMs;
						takeDown({tx, now, random}, node, `not heard of for ${silentMs / 1000} s`);
					}
				}
			});
		} catch (thrown) {
			// Not written down, so not fenced; its lease stays expired and the next look tries again.
			failed(toClusterError(thrown));
		}
	}
}
