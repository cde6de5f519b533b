import {assert, ClusterError} from '../core/error.ts';
import type {Node} from '../core/model/index.ts';
import {Autoscaler, lookEveryMs} from './controllers/autoscaler.ts';
import {Dispatcher} from './controllers/dispatcher.ts';
import {trimEvents} from './controllers/event-limit.ts';
import {controlNode, finishFence} from './controllers/node-controller.ts';
import {observe, observeHello, type SeenInstance, stopUnstarted} from './controllers/observe.ts';
import {PoolController} from './controllers/pool-controller.ts';
import {Router} from './controllers/router.ts';
import {placePending} from './controllers/scheduler.ts';
import {controlService} from './controllers/service-controller.ts';
import {DirtyKeys} from './dirty-keys.ts';
import type {InstanceReport} from './fleet.ts';
import {NodeKeeper} from './node-keeper.ts';
import type {OrchestratorParts} from './orchestrator-parts.ts';
import type {SteadyClock} from './steady-clock.ts';
import type {StoreChange, StoreReader} from './store/store.ts';
import type {Turn} from './turn.ts';
import {plainVault} from './vault.ts';
import {Wakeups} from './wakeups.ts';

/** Between two turns while work keeps coming, so that a burst of reports is one turn. */
const minTurnGapMs = 5;
const maxTurnGapMs = 25;
/** A turn reads all instances of what it looks at: where that takes long, it is done less often, in a tenth of the time. */
const gapPerTurn = 9;
const storageRetryMs = 1000;
/** A turn that leaves work for another one so often in a row is a mistake in a controller, not work. */
const maxTurnsInARow = 100;

type Hello = {readonly generation: number; readonly reported: ReadonlySet<string>};

/** The clock is one that never goes back. */
type LoopParts = OrchestratorParts & {readonly clock: SteadyClock};

/** Level-triggered: inputs mark keys as dirty, a turn reads everything of those keys again and decides. */
export class ControlLoop {
	readonly #parts: LoopParts;
	readonly #dirty = new DirtyKeys();
	readonly #keeper: NodeKeeper;
	readonly #wakeups: Wakeups;
	readonly #router: Router;
	readonly #dispatcher: Dispatcher;
	/** Reported and not yet stored: kept while the disk is full. */
	readonly #reports = new Map<string, SeenInstance>();
	readonly #autoscaler: Autoscaler;
	readonly #pools: PoolController;
	/** Services whose number the load decides on in the next turn. */
	readonly #loaded = new Set<string>();
	readonly #fencedNodes = new Map<string, number>();
	readonly #hellos = new Map<string, Hello>();
	#unsubscribe: (() => void) | undefined;
	#cancelTurn: (() => void) | undefined;
	#nextTurnMs = Number.NEGATIVE_INFINITY;
	storageError: ClusterError | undefined;

	constructor(parts: LoopParts) {
		this.#parts = parts;
		const {store, fleet, balancer, clock} = parts;
		this.#keeper = new NodeKeeper(parts);
		this.#autoscaler = new Autoscaler(parts.usageOf ?? (() => undefined));
		this.#pools = new PoolController(parts.machine);
		this.#wakeups = new Wakeups(clock, () => this.#soon());
		this.#router = new Router(store, balancer, () => clock.monotonicMs(), parts.virtualNet);
		this.#dispatcher = new Dispatcher(
			store,
			fleet,
			instance => this.#router.mayStop(instance),
			(sealed, about) => (parts.vault ?? plainVault).open(sealed, about),
			parts.virtualNet,
		);
	}

	start(): void {
		const {store} = this.#parts;
		this.#unsubscribe = store.subscribe(changes => this.#mark(changes));
		this.#dirty.everything(store);
		this.#keeper.start(error => {
			this.storageError = error;
		});
		this.#soon();
	}

	stop(): void {
		this.#unsubscribe?.();
		this.#cancelTurn?.();
		this.#keeper.stop();
		this.#wakeups.clear();
	}

	agentConnected(nodeId: string, generation: number, reports: readonly InstanceReport[]): boolean {
		if (!this.#accepts(nodeId, generation)) {
			return false;
		}

		this.#dispatcher.open(nodeId, reports);
		this.#hellos.set(nodeId, {generation, reported: new Set(reports.map(({instanceId}) => instanceId))});
		this.#dirty.node(nodeId);
		this.#take(nodeId, generation, reports);
		return true;
	}

	agentHeartbeat(nodeId: string, generation: number): boolean {
		if (!this.#accepts(nodeId, generation)) {
			return false;
		}

		this.#keeper.heard(nodeId);
		return true;
	}

	agentReported(nodeId: string, generation: number, reports: readonly InstanceReport[]): boolean {
		if (!this.#accepts(nodeId, generation)) {
			return false;
		}

		this.#take(nodeId, generation, reports);
		return true;
	}

	fenced(nodeId: string, generation: number): void {
		this.#fencedNodes.set(nodeId, generation);
		this.#soon();
	}

	/** A request waits for a service without instances. */
	demanded(serviceId: string): void {
		this.#autoscaler.demanded(serviceId);
		this.#lookAt(serviceId);
	}

	routesApplied(serial: number): void {
		this.#router.applied(serial);
		this.#dispatchAll();
		this.#soon();
	}

	/** An agent of another generation, or of a node that is down, is refused: what it runs is being fenced. */
	#accepts(nodeId: string, generation: number): boolean {
		const node = this.#parts.store.get('node', nodeId);
		return node !== undefined && node.generation === generation && node.status.state !== 'down' && !node.removing;
	}

	#take(nodeId: string, generation: number, reports: readonly InstanceReport[]): void {
		this.#keeper.heard(nodeId);
		for (const report of reports) {
			this.#reports.set(`${nodeId} ${report.instanceId}`, {...report, nodeId, generation});
		}

		this.#soon();
	}

	#mark(changes: readonly StoreChange[]): void {
		this.#dirty.changed(changes, this.#parts.store);
		for (const {type, kind, object} of changes) {
			if (type === 'remove' && kind === 'node') {
				this.#keeper.release(object);
				this.#dispatcher.close(object.id);
			}
		}

		this.#soon();
	}

	#soon(): void {
		if (this.#cancelTurn === undefined && this.#unsubscribe !== undefined) {
			const {clock} = this.#parts;
			const waitMs = Math.max(0, this.#nextTurnMs - clock.monotonicMs());
			this.#cancelTurn = clock.after(waitMs, () => this.#turn());
		}
	}

	#turn(): void {
		// What the turn itself marks is worked off by the turn: no timer for it.
		this.#cancelTurn = () => {};
		const {clock} = this.#parts;
		const startMs = clock.monotonicMs();
		try {
			for (let count = 0; this.#hasWork(); count++) {
				assert(count < maxTurnsInARow, 'the controllers come to rest');
				this.#decide();
			}

			this.storageError = undefined;
		} catch (thrown) {
			if (!(thrown instanceof ClusterError) || thrown.code !== 'storage') {
				throw thrown;
			}

			// Nothing was written and nothing is forgotten: tried again until there is room.
			this.storageError = thrown;
			this.#wakeups.at('storage', clock.now() + storageRetryMs, () => this.#dirty.everything(this.#parts.store));
		}

		this.#cancelTurn = undefined;
		const endMs = clock.monotonicMs();
		this.#nextTurnMs = endMs + Math.min(maxTurnGapMs, Math.max(minTurnGapMs, gapPerTurn * (endMs - startMs)));
	}

	#hasWork(): boolean {
		return this.#dirty.any || this.#loaded.size + this.#reports.size + this.#fencedNodes.size + this.#hellos.size > 0;
	}

	#lookAt(serviceId: string): void {
		this.#loaded.add(serviceId);
		this.#dirty.service(serviceId);
		this.#soon();
	}

	/** A service with a policy is looked at again and again; each look is the reason for the next one. */
	#lookLater(store: StoreReader, serviceId: string): void {
		const service = store.get('service', serviceId);
		if (service?.spec.autoscale !== undefined) {
			const at = this.#parts.clock.now() + lookEveryMs;
			this.#wakeups.at(`load ${serviceId}`, at, () => this.#lookAt(serviceId));
		}
	}

	/** One transaction of decisions, then the effects that follow from what is now stored. */
	#decide(): void {
		const {store, clock, random, machine} = this.#parts;
		const dirty = this.#dirty.take();
		const now = clock.now();
		store.transact(false, now, tx => {
			const turn: Turn = {
				tx,
				now,
				random,
				recheckService: (id, at) => this.#wakeups.at(`service ${id}`, at, () => this.#dirty.service(id)),
				recheckNode: (id, at) => this.#wakeups.at(`node ${id}`, at, () => this.#dirty.node(id)),
			};
			this.#observe(turn);
			const nodes = new Map([...tx.all('node')].map(node => [node.id, timed(node, clock)]));
			for (const id of this.#loaded) {
				this.#autoscaler.look(turn, id);
			}

			for (const id of dirty.services) {
				controlService(turn, id, nodes);
				this.#lookLater(tx, id);
			}

			if (dirty.placement) {
				placePending(turn);
			}

			for (const id of dirty.nodes) {
				this.#endUnknown(turn, id);
				controlNode(turn, id, machine);
			}

			if (dirty.pools && tx.count('pool') > 0) {
				const at = this.#pools.control(turn);
				at !== undefined && this.#wakeups.at('pools', at, () => this.#dirty.pools());
			}

			trimEvents(tx);
		});
		this.#loaded.clear();
		this.#reports.clear();
		this.#hellos.clear();
		this.#fencedNodes.clear();
		this.#act(dirty.dispatch);
	}

	/** Takes over what was reported since the last turn. */
	#observe(turn: Turn): void {
		const {tx} = turn;
		const {clock} = this.#parts;
		for (const [nodeId, generation] of this.#fencedNodes) {
			const node = tx.get('node', nodeId);
			if (node !== undefined && node.generation === generation && node.status.fencing) {
				finishFence(turn, node);
				this.#keeper.fenced(nodeId);
			}
		}

		for (const report of this.#reports.values()) {
			observe(turn, report, clock.ofWall);
		}

		for (const [nodeId, {generation, reported}] of this.#hellos) {
			observeHello(turn, nodeId, generation, reported);
		}
	}

	/** What is to stop and was never taken up by the node's present agent has nothing to end. */
	#endUnknown(turn: Turn, nodeId: string): void {
		for (const instance of [...turn.tx.instancesOnNode(nodeId)]) {
			const {state} = instance.status;
			if (instance.desired === 'stopped' && state === 'assigned' && this.#dispatcher.isUnknownTo(nodeId, instance.id)) {
				stopUnstarted(turn, instance);
			}
		}
	}

	/** Routes first: what is told to stop must be out of the newest table by then. */
	#act(nodeIds: readonly string[]): void {
		const {store, clock} = this.#parts;
		if (this.#dirty.takeRoutes()) {
			this.#router.publish();
		}

		for (const nodeId of nodeIds) {
			const node = store.get('node', nodeId);
			if (node === undefined) {
				continue;
			}

			if (this.#keeper.ensure(node)) {
				this.#dispatcher.close(nodeId);
			} else {
				this.#dispatcher.dispatch(nodeId);
			}
		}

		const waitMs = this.#router.waitMs();
		if (waitMs !== undefined) {
			this.#wakeups.at('stop gate', clock.now() + waitMs, () => this.#dispatchAll());
		}
	}

	#dispatchAll(): void {
		for (const {id} of this.#parts.store.all('node')) {
			this.#dirty.dispatchOnly(id);
		}
	}
}

/** Its deadline was set by whoever drains it, by the wall clock. */
function timed(node: Node, {ofWall}: SteadyClock): Node {
	const {drainDeadlineAt} = node.spec;
	return drainDeadlineAt === undefined
		? node
		: {...node, spec: {...node.spec, drainDeadlineAt: ofWall(drainDeadlineAt)}};
}
