import {holdsRoom} from '../../../source/core/instance-state.ts';
import type {Instance, Node, Resources, Service} from '../../../source/core/model/index.ts';
import type {ClusterText} from '../../helpers/cluster-text.ts';
import {isPending} from '../../helpers/scheduling.ts';

type Placement = {instance: Instance; node: Node};

/**
 * What the scheduler must decide, in the plainest way: for each instance every node is looked at, and everything about it is
 * counted anew from the instances. Slow, and shares no code with the scheduler.
 */
export function scheduleNaively(world: ClusterText): Placement[] {
	const placed: Placement[] = [];
	for (const instance of inOrder(world.instances.filter(isPending))) {
		const service = serviceOf(world, instance);
		const ranked = world.nodes
			.filter(node => instance.nodeId === undefined || instance.nodeId === node.id)
			.filter(node => admits(node, service, world, placed))
			.map(node => ({node, rank: rankOf(node, service, world, placed)}))
			.sort((a, b) => compare(a.rank, b.rank));
		if (ranked[0] !== undefined) {
			placed.push({instance, node: ranked[0].node});
		}
	}

	return placed;
}

/** Services by their oldest pending instance, and each as a whole. */
function inOrder(pending: Instance[]): Instance[] {
	const sorted = pending.toSorted((a, b) =>
		compare([a.createdAt, a.serviceId, a.slot, a.id], [b.createdAt, b.serviceId, b.slot, b.id]),
	);
	return [...new Set(sorted.map(({serviceId}) => serviceId))].flatMap(id =>
		sorted.filter(({serviceId}) => serviceId === id),
	);
}

function admits(node: Node, service: Service, world: ClusterText, placed: Placement[]): boolean {
	const {placement, template} = service.spec;
	const mates = world.nodes.filter(({machine}) => machine !== undefined && machine.name === node.machine?.name);
	return (
		node.status.state === 'ready' &&
		!node.status.fencing &&
		!node.removing &&
		node.spec.availability === 'active' &&
		node.availability === 'active' &&
		placement.constraints.every(text => {
			const [, key = '', operator, value] = /^node\.labels\.(.*)([=!]=)(.*)$/.exec(text) ?? [];
			return (node.spec.labels[key] === value) === (operator === '==');
		}) &&
		(placement.maxReplicasPerNode === 0 || running(service, [node], world, placed) < placement.maxReplicasPerNode) &&
		hasRoomFor(template.reserve, reserved([node], world, placed), node.capacity) &&
		(node.machine === undefined || hasRoomFor(template.reserve, reserved(mates, world, placed), node.machine.capacity))
	);
}

function rankOf(node: Node, service: Service, world: ClusterText, placed: Placement[]): Array<number | string> {
	const failures = world.instances.filter(
		({nodeId, serviceId, version, status}) =>
			nodeId === node.id &&
			serviceId === service.id &&
			version === service.version &&
			(status.state === 'failed' || status.state === 'rejected') &&
			status.reason !== 'its agent knows nothing of it' &&
			world.now - status.at <= 300_000,
	);
	const labels = service.spec.placement.preferences.map(text => text.replace('spread=node.labels.', ''));
	const groups = labels.map((_, level) =>
		world.nodes.filter(other =>
			labels.slice(0, level + 1).every(label => other.spec.labels[label] === node.spec.labels[label]),
		),
	);
	const {cpus, memoryBytes} = reserved([node], world, placed);
	return [
		failures.length >= 5 ? 1 : 0,
		...groups.map(group => running(service, group, world, placed)),
		running(service, [node], world, placed),
		Math.max(cpus / Math.round(node.capacity.cpus * 1000), memoryBytes / node.capacity.memoryBytes),
		held([node], world, placed).length,
		node.id,
	];
}

/** Living instances of all services, old and just placed. */
function held(nodes: readonly Node[], world: ClusterText, placed: Placement[]): Instance[] {
	const ids = new Set(nodes.map(({id}) => id));
	return [
		...world.instances.filter(({nodeId, status}) => ids.has(nodeId ?? '') && holdsRoom(status.state)),
		...placed.filter(({node}) => ids.has(node.id)).map(({instance}) => instance),
	];
}

/** Of one service, those that stay. */
function running(service: Service, nodes: readonly Node[], world: ClusterText, placed: Placement[]): number {
	const lasting = nodes.filter(
		({status, spec, removing}) =>
			status.state !== 'down' && !status.fencing && !removing && spec.availability !== 'drained',
	);
	return held(lasting, world, placed).filter(item => item.serviceId === service.id && item.desired === 'running')
		.length;
}

/** CPU in thousandths. */
function reserved(nodes: readonly Node[], world: ClusterText, placed: Placement[]): Resources {
	const needs = held(nodes, world, placed).map(instance => serviceOf(world, instance).spec.template.reserve);
	return {
		cpus: needs.reduce((sum, {cpus}) => sum + Math.round(cpus * 1000), 0),
		memoryBytes: needs.reduce((sum, {memoryBytes}) => sum + memoryBytes, 0),
	};
}

function hasRoomFor(need: Resources, held: Resources, capacity: Resources): boolean {
	const cpusFree = Math.max(0, Math.round(capacity.cpus * 1000) - held.cpus);
	const bytesFree = Math.max(0, capacity.memoryBytes - held.memoryBytes);
	return Math.round(need.cpus * 1000) <= cpusFree && need.memoryBytes <= bytesFree;
}

function serviceOf({services}: ClusterText, {serviceId}: Instance): Service {
	return services.find(({id}) => id === serviceId)!;
}

function compare(a: ReadonlyArray<number | string>, b: ReadonlyArray<number | string>): number {
	const at = a.findIndex((value, index) => value !== b[index]);
	return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
