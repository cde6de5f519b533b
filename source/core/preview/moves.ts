import {holdsRoom, isFinal} from '../instance-state.ts';
import type {Instance, Node, Service} from '../model/index.ts';
import {isHealthy} from '../reconcile/slots.ts';
import {clusterView} from '../schedule/cluster-view.ts';
import {demandOf, pendingInstance} from '../schedule/demand.ts';
import {explain} from '../schedule/explain.ts';
import {refusalNote} from '../schedule/refusal.ts';
import type {Forecast} from './forecast.ts';
import {byName, places} from './places.ts';
import {type ClusterWorld, reserveAsAsked} from './world.ts';

/** What becomes of a service's instances on a node that is to be left. */
export type Move = {
	readonly service: Service;
	/** Those on the node that are meant to run. */
	readonly leaving: readonly Instance[];
	/** Their successors on other nodes. */
	readonly successors: readonly Instance[];
	/** Successors that find no node. */
	readonly stranded: readonly Instance[];
	/** Those of the service, on any node, that are healthy now. */
	readonly serving: readonly Instance[];
};

/** Live instances on a node that are meant to run. */
export function livingOn({instances}: ClusterWorld, {id}: Node): Instance[] {
	return instances.filter(
		({nodeId, desired, status}) => nodeId === id && desired === 'running' && holdsRoom(status.state),
	);
}

/** By service, those with the most instances first. `seen` is what comes of the world without the node. */
export function movesOf(world: ClusterWorld, node: Node, seen: Forecast): Move[] {
	const leaving = Map.groupBy(livingOn(world, node), ({serviceId}) => serviceId);
	const before = Map.groupBy(world.instances, ({serviceId}) => serviceId);
	const after = Map.groupBy(seen.instances, ({serviceId}) => serviceId);
	return world.services
		.flatMap(service => {
			const own = leaving.get(service.id);
			return own === undefined
				? []
				: [
						{
							service,
							leaving: own,
							...split(nextOnes(service, own, node, before.get(service.id) ?? [], after.get(service.id) ?? []), seen),
							serving: (before.get(service.id) ?? []).filter(item => item.desired === 'running' && isHealthy(item)),
						},
					];
		})
		.sort((a, b) => b.leaving.length - a.leaving.length || byName(a.service, b.service));
}

/** Where instances of a service are short of room, node by node; the node that they leave is not mentioned. */
export function strandedNote(world: ClusterWorld, node: Node, {service, stranded}: Move, seen: Forecast): string {
	const [first] = stranded;
	if (first === undefined) {
		return '';
	}

	const {instances} = seen;
	const view = clusterView({...world, instances, reserveOf: reserveAsAsked(world)});
	const pending = pendingInstance(first, service.spec);
	const others = explain(pending, view).filter(verdict => verdict.node.id !== node.id);
	return others.length === 0 ? 'there is no other node' : refusalNote(others, demandOf(pending));
}

/** `30 → n1 16, n3 14`, `3 → n1 2, 1 nowhere`. */
export function destinationText({leaving, successors, stranded}: Move): string {
	const nowhere = stranded.length === leaving.length ? 'nowhere' : `${stranded.length} nowhere`;
	const targets = [
		...(successors.length > 0 ? [places(successors, '')] : []),
		...(stranded.length > 0 ? [nowhere] : []),
	];
	return `${leaving.length} → ${targets.join(', ') || 'ends'}`;
}

/** Those that are there in the place of the leaving ones. */
function nextOnes(
	{spec}: Service,
	leaving: readonly Instance[],
	node: Node,
	before: readonly Instance[],
	after: readonly Instance[],
): Instance[] {
	const slots = new Set(leaving.map(({slot}) => slot));
	const known = new Set(before.map(({id}) => id));
	return after.filter(
		({id, slot, nodeId, desired, status, replaces}) =>
			spec.mode !== 'global' &&
			slots.has(slot) &&
			nodeId !== node.id &&
			desired === 'running' &&
			!isFinal(status.state) &&
			(!known.has(id) || replaces !== undefined),
	);
}

function split(next: readonly Instance[], {refused}: Forecast): Pick<Move, 'successors' | 'stranded'> {
	return {
		successors: next.filter(({status}) => holdsRoom(status.state)),
		stranded: next.filter(({id}) => refused.has(id)),
	};
}
