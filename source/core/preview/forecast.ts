import {holdsRoom} from '../instance-state.ts';
import type {Instance, Node, Service} from '../model/index.ts';
import {planService} from '../reconcile/index.ts';
import type {PlanStep} from '../reconcile/plan.ts';
import {clusterView} from '../schedule/cluster-view.ts';
import {pendingInstance} from '../schedule/demand.ts';
import {schedule} from '../schedule/schedule.ts';
import {type ClusterWorld, type ReserveOf, reserveAsAsked} from './world.ts';

/** Enough for every step of a drain on a full machine; an update of more instances is seen up to here. */
const maxRounds = 100;

/** What comes of a cluster when nothing fails. */
export type Forecast = {
	/** All instances as they end up: those that run are healthy. */
	readonly instances: readonly Instance[];
	/** The new ones among them. */
	readonly created: readonly Instance[];
	/** Those that ran or waited before and were stopped. */
	readonly stopped: readonly Instance[];
	/** By instance: why it has no node. */
	readonly refused: ReadonlyMap<string, string>;
};

/**
 * Lets the controllers of these services and the scheduler work until they find nothing more to do: the very decisions that
 * will be taken, on a cluster where what is started becomes healthy at once and what is told to stop ends after that.
 */
export function forecast(
	world: ClusterWorld,
	serviceIds: readonly string[],
	reserveOf: ReserveOf = reserveAsAsked(world),
): Forecast {
	const run = new Run(world, serviceIds, reserveOf);
	for (let round = 0; round < maxRounds && run.step(); round++);
	return run.result();
}

class Run {
	readonly #world: ClusterWorld;
	readonly #services: readonly Service[];
	readonly #nodes: ReadonlyMap<string, Node>;
	readonly #reserveOf: ReserveOf;
	readonly #instances: Map<string, Instance>;
	readonly #created = new Set<string>();
	readonly #stopped = new Set<string>();
	#refused: ReadonlyMap<string, string> = new Map();

	constructor(world: ClusterWorld, serviceIds: readonly string[], reserveOf: ReserveOf) {
		this.#world = world;
		this.#reserveOf = reserveOf;
		this.#nodes = new Map(world.nodes.map(node => [node.id, node]));
		const concerned = new Set(serviceIds);
		this.#services = world.services.filter(({id}) => concerned.has(id));
		const started = (instance: Instance) => (concerned.has(instance.serviceId) ? this.#asStarted(instance) : instance);
		this.#instances = new Map(world.instances.map(instance => [instance.id, started(instance)]));
	}

	/** One turn of the controllers and the scheduler; false when they found nothing to do. */
	step(): boolean {
		const steps = this.#decide();
		const placed = this.#place();
		const ended = this.#endStopping();
		return steps + placed + ended > 0;
	}

	result(): Forecast {
		const instances = [...this.#instances.values()];
		return {
			instances,
			created: instances.filter(({id}) => this.#created.has(id)),
			stopped: instances.filter(({id}) => this.#stopped.has(id)),
			refused: this.#refused,
		};
	}

	#decide(): number {
		const byService = Map.groupBy(this.#instances.values(), ({serviceId}) => serviceId);
		const {now} = this.#world;
		let count = 0;
		for (const service of this.#services) {
			const instances = byService.get(service.id) ?? [];
			const {steps} = planService({service, instances, nodes: this.#nodes, now});
			count += steps.length;
			for (const step of steps) {
				if (step.type === 'create') {
					this.#create(service, step);
				} else if (step.type === 'stop') {
					this.#stop(step.instanceId, step.reason);
				}
			}
		}

		return count;
	}

	#create(service: Service, step: Extract<PlanStep, {type: 'create'}>): void {
		const {now} = this.#world;
		const {type: _, ...own} = step;
		const node = this.#nodes.get(step.nodeId ?? '');
		const id = `${service.id} new ${this.#created.size}`;
		this.#created.add(id);
		this.#instances.set(id, {
			...own,
			...(node === undefined ? {} : {nodeName: node.name}),
			kind: 'instance',
			id,
			name: `${service.name}.${node?.name ?? step.slot}`,
			revision: '',
			// Later than all that is there: in a slot the newer one replaces the older.
			createdAt: now + 1,
			updatedAt: now + 1,
			serviceId: service.id,
			serviceName: service.name,
			desired: 'running',
			status: {state: 'pending', at: now, health: 'none', endpoints: []},
		});
	}

	#stop(id: string, reason: string): void {
		const instance = this.#instances.get(id);
		if (instance === undefined) {
			return;
		}

		this.#created.delete(id) || this.#stopped.add(id);
		const stopping: Instance = {...instance, desired: 'stopped', desiredReason: reason};
		this.#instances.set(id, instance.status.state === 'pending' ? this.#ended(stopping) : stopping);
	}

	#place(): number {
		const instances = [...this.#instances.values()];
		const waiting = instances.filter(({status, desired}) => status.state === 'pending' && desired === 'running');
		if (waiting.length === 0) {
			this.#refused = new Map();
			return 0;
		}

		const specs = new Map(this.#world.services.map(({id, spec}) => [id, spec]));
		const pending = waiting.flatMap(instance => {
			const spec = specs.get(instance.serviceId);
			return spec === undefined ? [] : [pendingInstance(instance, spec)];
		});
		const view = clusterView({...this.#world, instances, reserveOf: this.#reserveOf});
		const {placements, refusals} = schedule(pending, view);
		for (const {instanceId, nodeId} of placements) {
			const instance = this.#instances.get(instanceId);
			const node = this.#nodes.get(nodeId);
			if (instance !== undefined && node !== undefined) {
				this.#instances.set(instanceId, this.#running({...instance, nodeId, nodeName: node.name}));
			}
		}

		this.#refused = new Map(refusals.map(({instanceId, reason}) => [instanceId, reason]));
		return placements.length;
	}

	#endStopping(): number {
		const stopping = [...this.#instances.values()].filter(
			({status, desired}) => desired === 'stopped' && holdsRoom(status.state),
		);
		for (const instance of stopping) {
			this.#instances.set(instance.id, this.#ended(instance));
		}

		return stopping.length;
	}

	#asStarted(instance: Instance): Instance {
		const {status, desired, nodeId} = instance;
		const comesUp = desired === 'running' && holdsRoom(status.state) && status.health !== 'unhealthy';
		return comesUp && this.#nodes.get(nodeId ?? '')?.status.state === 'ready' ? this.#running(instance) : instance;
	}

	#running(instance: Instance): Instance {
		return {...instance, status: {...instance.status, state: 'running', health: 'healthy'}};
	}

	#ended(instance: Instance): Instance {
		const {now} = this.#world;
		return {...instance, status: {...instance.status, state: 'stopped', at: now, finishedAt: now}};
	}
}
