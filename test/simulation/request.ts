import type {Ref} from '../../source/core/backend.ts';
import {differencePatch} from '../../source/core/difference/merge-patch.ts';
import {ClusterError} from '../../source/core/error.ts';
import type {Node, Service} from '../../source/core/model/index.ts';
import {planRebalance} from '../../source/core/rebalance.ts';
import {withVersion} from '../../source/core/spec/service-version.ts';
import {versionsOf} from '../../source/orchestrator/controllers/spec-versions.ts';
import type {Request} from './operations.ts';
import type {Simulation} from './simulation.ts';
import {targetOf} from './target.ts';

type Requests = {[T in Request['type']]: (simulation: Simulation, request: Extract<Request, {type: T}>) => void};

const requests: Requests = {
	create(simulation, {service}) {
		const {orchestrator, store} = simulation.cluster;
		const name = `s${store.count('service') + 1}-${simulation.clock.monotonicMs()}`;
		const ref = {kind: 'service', name} as const;
		write(simulation, ref, () => orchestrator.applyService(ref, service.spec, {create: true}));
	},
	scale(simulation, {target, replicas}) {
		const service = serviceAt(simulation, target);
		if (service?.spec.mode !== 'global') {
			update(simulation, service, {replicas});
		}
	},
	update(simulation, {target, patch}) {
		update(simulation, serviceAt(simulation, target), patch);
	},
	restart(simulation, {target}) {
		const service = serviceAt(simulation, target);
		update(simulation, service, {forceUpdate: (service?.spec.forceUpdate ?? 0) + 1});
	},
	'roll back'(simulation, {target, to}) {
		const service = serviceAt(simulation, target);
		const kept = service && versionsOf(simulation.cluster.store, service.id);
		const version = kept && targetOf(kept, to);
		if (service !== undefined && version !== undefined) {
			update(simulation, service, differencePatch(service.spec, withVersion(service.spec, version.spec)) ?? {});
		}
	},
	remove(simulation, {target}) {
		remove(simulation, serviceAt(simulation, target));
	},
	file(simulation, {kind, name, content}) {
		const {orchestrator, store} = simulation.cluster;
		const create = store.byName(kind, name) === undefined;
		answered(simulation, () => orchestrator.applyStored({kind, name}, {data: {data: content}}, {create}));
		servicesMoved(simulation);
	},
	'remove file'(simulation, {kind, name}) {
		answered(simulation, () => simulation.cluster.orchestrator.remove({kind, name}, {}));
	},
	pool(simulation, {patch}) {
		const {orchestrator, store} = simulation.cluster;
		const create = store.count('pool') === 0;
		answered(simulation, () => orchestrator.applyPool({kind: 'pool', name: 'p'}, patch, {create}));
	},
	'remove pool'(simulation) {
		answered(simulation, () => simulation.cluster.orchestrator.remove({kind: 'pool', name: 'p'}, {}));
	},
	rebalance(simulation, {mostMoves}) {
		const {orchestrator, store} = simulation.cluster;
		const services = [...store.all('service')];
		const nodes = [...store.all('node')];
		const world = {now: simulation.clock.now(), services, nodes, instances: [...store.all('instance')]};
		const {moves} = planRebalance(world, services, mostMoves);
		answered(simulation, () => orchestrator.moveInstances(moves.map(({instance}) => instance.id)));
	},
	load(simulation, {target, requests: perSecond}) {
		const service = serviceAt(simulation, target);
		if (service !== undefined) {
			simulation.load.set(service.id, perSecond);
		}
	},
	autoscale(simulation, {target, policy}) {
		const service = serviceAt(simulation, target);
		if (service?.spec.mode === 'replicated') {
			update(simulation, service, {autoscale: policy});
			// Some load at once: a policy without any is soon at its least.
			simulation.load.set(service.id, policy === null ? 0 : policy.max * 73);
		}
	},
	'remove volume'(simulation, {name}) {
		answered(simulation, () => simulation.cluster.orchestrator.remove({kind: 'volume', name}, {}));
	},
	'add node'(simulation, {zone}) {
		const ref = {kind: 'node', name: `x${simulation.clock.monotonicMs()}`} as const;
		write(simulation, ref, () => simulation.cluster.orchestrator.applyNode(ref, {labels: {zone}}, {create: true}));
	},
	node(simulation, {target, patch, deadlineMs}) {
		const node = nodeAt(simulation, target);
		if (node !== undefined) {
			const deadline = deadlineMs === undefined ? {} : {drainDeadlineAt: simulation.clock.now() + deadlineMs};
			const {orchestrator} = simulation.cluster;
			write(simulation, refTo(node), () => orchestrator.applyNode(refTo(node), {...patch, ...deadline}, {}));
		}
	},
	'remove node'(simulation, {target}) {
		if (simulation.cluster.store.count('node') > 1) {
			remove(simulation, nodeAt(simulation, target));
		}
	},
	'fail node'(simulation, {target, forMs}) {
		const node = nodeAt(simulation, target);
		if (node !== undefined) {
			answered(simulation, () => simulation.cluster.orchestrator.failNode(refTo(node), forMs));
		}
	},
};

/** A user asks for something; where there is nobody to ask, or nothing to ask it of, nothing comes of it. */
export function request<T extends Request['type']>(
	simulation: Simulation,
	type: T,
	operation: Extract<Request, {type: T}>,
): void {
	if (simulation.isServing) {
		requests[type](simulation, operation);
	}
}

type ServicePatch = Parameters<Simulation['cluster']['orchestrator']['applyService']>[1];

function update(simulation: Simulation, service: Service | undefined, patch: ServicePatch): void {
	if (service !== undefined) {
		const ref = refTo(service);
		write(simulation, ref, () => simulation.cluster.orchestrator.applyService(ref, patch, {}));
	}
}

function write(simulation: Simulation, {kind, name}: Ref<'service' | 'node'>, run: () => Service | Node): void {
	let written: Service | Node | undefined;
	answered(simulation, () => {
		written = run();
	});
	if (simulation.crashes.isCrashed) {
		simulation.declared.cutShort(kind, name);
	} else if (written !== undefined) {
		simulation.declared.written(written);
	}
}

/** New content updates the services that follow it, as if they had been asked to. */
function servicesMoved(simulation: Simulation): void {
	for (const service of simulation.cluster.store.all('service')) {
		if (simulation.crashes.isCrashed) {
			simulation.declared.cutShort('service', service.name);
		} else if (!service.removing) {
			simulation.declared.written(service);
		}
	}
}

function remove(simulation: Simulation, object: Service | Node | undefined): void {
	if (object === undefined) {
		return;
	}

	const isDone = answered(simulation, () => simulation.cluster.orchestrator.remove(refTo(object), {}));
	if (simulation.crashes.isCrashed) {
		simulation.declared.cutShort(object.kind, object.name);
	} else if (isDone) {
		simulation.declared.removed(object);
	}
}

/** False: refused, which is an answer too. */
function answered(simulation: Simulation, run: () => void): boolean {
	try {
		run();
		return true;
	} catch (thrown) {
		const isRefusal = thrown instanceof ClusterError && thrown.code !== 'failed';
		if (!isRefusal && !simulation.crashes.isCrashed) {
			throw thrown;
		}

		simulation.note(() => `  refused: ${(thrown as Error).message}`);
		return false;
	}
}

function serviceAt({cluster}: Simulation, target: number): Service | undefined {
	return targetOf([...cluster.store.all('service')], target);
}

function nodeAt({cluster}: Simulation, target: number): Node | undefined {
	return targetOf([...cluster.store.all('node')], target);
}

function refTo<T extends Service | Node>({kind, id, name}: T): Ref<T['kind']> {
	return {kind, id, name};
}
