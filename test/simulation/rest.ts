import {holdsRoom} from '../../source/core/instance-state.ts';
import type {ClusterState} from '../../source/core/invariants/cluster-state.ts';
import {couldTake} from '../../source/core/invariants/could-take.ts';
import type {Node, Pool, Service} from '../../source/core/model/index.ts';
import type {StoreReader} from '../../source/orchestrator/store/store.ts';

/* How controllers that follow load and room must stand once nothing changes any more: said anew here, not by their own code. */

/** So near to its target a load may be borne. */
const tolerance = 0.1;

/** Each bears its target at most, and none is there in vain; within min and max. */
export function wrongScales(services: readonly Service[], load: ReadonlyMap<string, number>): string[] {
	return services.flatMap(({id, name, spec, status, removing}) => {
		const {autoscale, replicas} = spec;
		if (autoscale === undefined || removing || status.healthy === 0) {
			return [];
		}

		const perInstance = autoscale.targets[0]?.value ?? 1;
		const total = load.get(id) ?? 0;
		const wanted = Math.min(autoscale.max, Math.max(autoscale.min, Math.ceil(total / perInstance)));
		const isNear = Math.abs(total / perInstance / replicas - 1) <= tolerance + 1e-9;
		const isWithin = replicas >= autoscale.min && replicas <= autoscale.max;
		return isWithin && (replicas === wanted || isNear)
			? []
			: [`service ${name} runs ${replicas} for ${total} requests/s, which take ${wanted}`];
	});
}

/** As many nodes as they may have, none that is to leave and could, none that is missed. */
export function wrongPools(state: ClusterState, pools: readonly Pool[]): string[] {
	return pools.flatMap(pool => {
		const members = state.nodes.filter(node => node.pool?.name === pool.name && !node.removing);
		const staying = members.filter(node => node.pool?.leaving !== true);
		const {min, max} = pool.spec;
		if (pool.removing) {
			return members.every(node => isHeld(node, state)) && members.length > 0
				? []
				: [`pool ${pool.name} is still being removed`];
		}

		const empty = members.filter(
			node => node.pool?.leaving === true && node.spec.availability === 'drained' && !isHeld(node, state),
		);
		return [
			...(staying.length < min || staying.length > max
				? [`pool ${pool.name} has ${staying.length} nodes of ${min} to ${max}`]
				: []),
			...empty.map(({name}) => `node ${name} is to leave pool ${pool.name}, is empty and stays`),
			...missing(state, pool, members),
		];
	});
}

/** Something on it has nowhere to go, or is no business of drains. */
function isHeld(node: Node, {instances}: ClusterState): boolean {
	return instances.some(({nodeId, status}) => nodeId === node.id && holdsRoom(status.state));
}

/** An instance waits that an empty node of the pool would take, and there may be one more. */
function missing(state: ClusterState, pool: Pool, members: readonly Node[]): string[] {
	const {spec} = pool;
	const [example] = state.nodes;
	if (members.length >= spec.max || example?.machine === undefined) {
		return [];
	}

	const {capacity: whole} = example.machine;
	const node: Node = {
		...example,
		id: 'would-be',
		name: 'would-be',
		spec: {availability: 'active', labels: spec.labels, capacity: spec.capacity},
		availability: 'active',
		status: {state: 'ready', at: 0, fencing: false},
		capacity: {
			cpus: Math.min(spec.capacity.cpus ?? whole.cpus, whole.cpus),
			memoryBytes: Math.min(spec.capacity.memoryBytes ?? whole.memoryBytes, whole.memoryBytes),
		},
		reserved: {cpus: 0, memoryBytes: 0},
		instances: 0,
	};
	const waiting = state.instances.filter(
		({status, desired, nodeId}) => status.state === 'pending' && desired === 'running' && nodeId === undefined,
	);
	return waiting.flatMap(instance => {
		const service = state.services.find(({id}) => id === instance.serviceId);
		return service !== undefined && couldTake(node, instance, service, {...state, nodes: [...state.nodes, node]})
			? [`${instance.name} waits although pool ${pool.name} could have one more node`]
			: [];
	});
}

/** What a service mounts is there. */
export function lostVolumes(store: StoreReader): string[] {
	return [...store.all('service')].flatMap(({name, spec}) =>
		(spec.template.mounts ?? []).flatMap(({source = ''}) =>
			store.byName('volume', source) === undefined ? [`volume ${source} of ${name} is lost`] : [],
		),
	);
}
