import type {Clock} from '../../core/clock.ts';
import {assert} from '../../core/error.ts';
import type {Random} from '../../core/model/id.ts';
import type {MachineCapacity, Usage} from '../../core/model/index.ts';
import type {DeliveredFile} from '../fleet.ts';
import {Orchestrator} from '../orchestrator.ts';
import {createMemoryStore} from '../store/memory-store.ts';
import type {Persistence} from '../store/persistence.ts';
import type {Store} from '../store/store.ts';
import {createDaemonClock, type DaemonClock} from './daemon-clock.ts';
import {type EffectGate, gatedBalancer, gatedFleet} from './effects.ts';
import {SimulatedFleet} from './fleet.ts';
import {SimulatedBalancer, SimulatedGateway} from './gateway.ts';
import {SimulatedMachine} from './machine.ts';
import {seededRandom} from './random.ts';
import type {World, WorldObserver} from './world.ts';

export type SimulatedClusterOptions = {
	/** Everything that happens by chance follows from it. */
	readonly seed: number;
	/** A manual one for tests, the real one for a demo. */
	readonly clock: Clock;
	/** How many nodes there are at first: three, or more. */
	readonly nodes?: number;
	/** What all nodes share. */
	readonly machine?: MachineCapacity;
	/** The disk under the store, for who lets the daemon die; absent: in memory. */
	readonly persistence?: Persistence;
	/** Every effect of the daemon passes through it. */
	readonly gate?: EffectGate;
	/** What the daemon's own work threw; absent: thrown on. */
	readonly failed?: (thrown: unknown) => void;
	readonly observer?: WorldObserver;
	/** What an instance uses; absent: nothing is measured. */
	readonly usageOf?: (instanceId: string) => Usage | undefined;
};

type Daemon = {readonly orchestrator: Orchestrator; readonly store: Store; readonly clock: DaemonClock};

const roomyMachine: MachineCapacity = {cpus: 16, memoryBytes: 32 * 2 ** 30};

/** An orchestrator with nodes, agents, processes and a gateway that only seem to be there. */
export class SimulatedCluster {
	readonly machine: SimulatedMachine;
	readonly gateway: SimulatedGateway;
	readonly #world: World;
	readonly #ids: Random;
	readonly #options: SimulatedClusterOptions;
	#daemon: Daemon | undefined;

	constructor(options: SimulatedClusterOptions) {
		const {seed, clock, observer = {}} = options;
		this.#options = options;
		this.#ids = seededRandom(~seed);
		this.#world = {clock, random: seededRandom(seed), isCalm: false, nextPort: 20_000, observer};
		this.machine = new SimulatedMachine(this.#world);
		this.gateway = new SimulatedGateway(this.#world);
	}

	/** Of the daemon that is there now. */
	get orchestrator(): Orchestrator {
		assert(this.#daemon, 'the daemon was started');
		return this.#daemon.orchestrator;
	}

	get store(): Store {
		return this.orchestrator.store;
	}

	get hasDaemon(): boolean {
		return this.#daemon !== undefined;
	}

	/** A daemon on what the disk holds; `prepare` is given its store before anything is decided. */
	startDaemon(prepare: (store: Store) => void = () => {}): void {
		assert(!this.#daemon, 'there is one daemon');
		const {clock: world, gate = (_, run) => run(), machine = roomyMachine, persistence} = this.#options;
		const {failed = rethrow, usageOf} = this.#options;
		const clock = createDaemonClock(world, failed);
		const store = createMemoryStore(persistence === undefined ? {} : {persistence});
		const fleet = new SimulatedFleet(this.#world, this.machine, clock, () => orchestrator);
		const balancer = new SimulatedBalancer(this.gateway, clock, () => orchestrator);
		const orchestrator = new Orchestrator({
			store,
			clock,
			random: this.#ids,
			machine,
			fleet: gatedFleet(fleet, gate),
			balancer: gatedBalancer(balancer, gate),
			...(usageOf && {usageOf}),
		});
		this.#daemon = {orchestrator, store, clock};
		this.machine.fleet = fleet;
		this.gateway.balancer = balancer;
		prepare(store);
		orchestrator.start();
		for (let count = store.count('node') + 1; count <= (this.#options.nodes ?? 0); count++) {
			orchestrator.applyNode({kind: 'node', name: `n${count}`}, {}, {create: true});
		}
	}

	/** What an instance has been given to read, as the disk of its node has it. */
	filesOf(instanceId: string): readonly DeliveredFile[] | undefined {
		const kept = this.machine.nodes.map(node => node.kept.get(instanceId));
		return kept.find(found => found !== undefined)?.files;
	}

	/** kill -9: what it had in memory is lost, what it had asked for goes on. */
	killDaemon(): void {
		if (this.#daemon !== undefined) {
			this.#daemon.clock.stop();
			this.#daemon = undefined;
			const {fleet} = this.machine;
			this.machine.fleet = undefined;
			this.gateway.balancer = undefined;
			fleet?.close();
			this.gateway.disconnected();
		}
	}

	/** The daemon does not come to run for a while; what arrives waits. */
	stallDaemon(forMs: number): void {
		this.#daemon?.clock.stall(forMs);
	}

	/** Runs that begin from now on neither fail nor fall ill by chance; those that do so by design still do. */
	calm(): void {
		this.#world.isCalm = true;
	}
}

function rethrow(thrown: unknown): never {
	throw thrown;
}

/** With its daemon started. */
export function createSimulatedCluster(options: SimulatedClusterOptions): SimulatedCluster {
	const cluster = new SimulatedCluster(options);
	cluster.startDaemon();
	return cluster;
}
