import type {Patch, Ref, WriteOptions} from '../core/backend.ts';
import {type ClusterError, toClusterError} from '../core/error.ts';
import {
	type Image,
	type Instant,
	kinds,
	type Node,
	type NodeSpec,
	type Pool,
	type PoolSpec,
	type Service,
	type ServiceSpec,
} from '../core/model/index.ts';
import type {ServiceWrite} from './admission.ts';
import {
	createFirstNodes,
	failNode,
	moveInstances,
	putImages,
	removeObject,
	writeNode,
	writeService,
} from './admission.ts';
import type {BalancerEvents} from './balancer.ts';
import {ControlLoop} from './control-loop.ts';
import type {FleetEvents, InstanceReport} from './fleet.ts';
import type {OrchestratorParts} from './orchestrator-parts.ts';
import {writePool} from './pool-admission.ts';
import {plannedRevision} from './precondition.ts';
import {steadyClock} from './steady-clock.ts';
import type {Store} from './store/store.ts';
import {type StoredObject, type StoredObjectKind, type StoredParts, writeStored} from './stored-objects.ts';
import type {Write} from './turn.ts';
import {plainVault} from './vault.ts';

/**
 * Joins store, controllers, fleet, balancer and clock in one process: daemon, demo and tests start this. Everything in it
 * is synchronous; what it remembers outside the store can be derived again, so that a death at any point is a restart.
 */
export class Orchestrator implements FleetEvents, BalancerEvents {
	readonly store: Store;
	readonly #parts: OrchestratorParts;
	readonly #loop: ControlLoop;

	constructor(parts: OrchestratorParts) {
		this.store = parts.store;
		const clock = steadyClock(parts.clock, latestIn(parts.store));
		this.#parts = {...parts, clock};
		this.#loop = new ControlLoop({...parts, clock});
	}

	/** Makes the first nodes where there are none, sees to it that every node's agent runs, and begins to steer. */
	start(): void {
		this.#write(write => createFirstNodes(write, this.#parts.machine));
		this.#loop.start();
	}

	/** No more decisions; nothing is ended. */
	stop(): void {
		this.#loop.stop();
	}

	/** Why nothing can be written at present; undefined when all is well. */
	get storageError(): ClusterError | undefined {
		return this.#loop.storageError;
	}

	applyService(ref: Ref<'service'>, patch: Patch<ServiceSpec>, options: ServiceWrite): Service {
		return this.#write(write => writeService(write, ref, patch, this.#planned(ref, options), this.#stored));
	}

	applyNode(ref: Ref<'node'>, patch: Patch<NodeSpec>, options: Pick<WriteOptions, 'create' | 'ifRevision'>): Node {
		const planned = this.#planned(ref, options);
		return this.#write(write => writeNode(write, ref, patch, planned, this.#parts.machine));
	}

	/** Networks, volumes, configs, secrets. */
	applyStored(
		ref: Ref<StoredObjectKind>,
		patch: object,
		options: Pick<WriteOptions, 'create' | 'ifRevision'>,
	): StoredObject {
		return this.#write(write => writeStored(write, ref, patch, this.#planned(ref, options), this.#stored));
	}

	applyPool(ref: Ref<'pool'>, patch: Patch<PoolSpec>, options: Pick<WriteOptions, 'create' | 'ifRevision'>): Pool {
		return this.#write(write => writePool(write, ref, patch, this.#planned(ref, options)));
	}

	remove(ref: Ref, options: Pick<WriteOptions, 'ifRevision'>): void {
		this.#write(write => removeObject(write, ref, this.#planned(ref, options)));
	}

	/** All images that can be used now, in place of the former ones. */
	putImages(images: readonly Image[]): void {
		this.#write(write => putImages(write, images));
	}

	/** A power cut on purpose: the node is fenced at once and taken back after the time. */
	failNode(ref: Ref<'node'>, forMs: number): void {
		this.#write(write => failNode(write, ref, forMs));
	}

	/** Brings instances up elsewhere before they stop; all of them or, where one cannot, none. */
	moveInstances(instanceIds: readonly string[]): void {
		this.#write(write => moveInstances(write, instanceIds));
	}

	agentConnected(nodeId: string, generation: number, reports: readonly InstanceReport[]): boolean {
		return this.#loop.agentConnected(nodeId, generation, reports);
	}

	agentHeartbeat(nodeId: string, generation: number): boolean {
		return this.#loop.agentHeartbeat(nodeId, generation);
	}

	agentReported(nodeId: string, generation: number, reports: readonly InstanceReport[]): boolean {
		return this.#loop.agentReported(nodeId, generation, reports);
	}

	fenced(nodeId: string, generation: number): void {
		this.#loop.fenced(nodeId, generation);
	}

	demanded(serviceId: string): void {
		this.#loop.demanded(serviceId);
	}

	routesApplied(serial: number): void {
		this.#loop.routesApplied(serial);
	}

	get #stored(): StoredParts {
		const {vault, volumePath, virtualNet} = this.#parts;
		return {vault: vault ?? plainVault, ...(volumePath && {volumePath}), ...(virtualNet && {virtualNet})};
	}

	#planned<O extends Pick<WriteOptions, 'ifRevision'>>(ref: Ref, options: O): O {
		const ifRevision = plannedRevision(this.store, ref, options.ifRevision);
		return ifRevision === undefined ? options : {...options, ifRevision};
	}

	/** What a user asked for: on disk before they are answered. */
	#write<T>(run: (write: Write) => T): T {
		const {store, clock, random, isSyncedLater = false} = this.#parts;
		const now = clock.now();
		try {
			return store.transact(!isSyncedLater, now, tx => run({tx, now, random}));
		} catch (thrown) {
			throw toClusterError(thrown);
		}
	}
}

/** When something was changed last. */
function latestIn(store: Store): Instant {
	let latest = Number.NEGATIVE_INFINITY;
	for (const kind of kinds) {
		for (const {updatedAt} of store.all(kind)) {
			latest = Math.max(latest, updatedAt);
		}
	}

	return latest;
}
