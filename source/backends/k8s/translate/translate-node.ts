import type {Availability, Node, NodeSpec, Taint} from '../../../core/model/index.ts';
import type {Resources} from '../../../core/model/resources.ts';
import {parseQuantity} from '../wire/quantity.ts';
import {instantOf, type WireNode} from '../wire/wire.ts';
import {metaOf, own, printOf, revisionOf} from './translate-meta.ts';

/** What is kept of a node: all but what its pods make of it. */
export type KeptNode = {
	readonly base: Node;
	readonly resourceVersion: string;
	readonly kubelet: string | undefined;
	readonly runtime: string | undefined;
};

/** What pods hold of a node. */
export type NodeUse = Resources & {
	readonly instances: number;
	/** Of these, what a drain has to move. */
	readonly movable: number;
};

export const unusedNode: NodeUse = {cpus: 0, memoryBytes: 0, instances: 0, movable: 0};

export function keepNode(wire: WireNode): KeptNode {
	const {metadata, status = {}} = wire;
	const spec = nodeSpecOf(wire);
	const ready = status.conditions?.find(({type}) => type === 'Ready');
	const taints = taintsOf(wire);
	const message = messageOf(wire, taints);
	const ailing = pressingOf(wire).join(' · ');
	const isManager = 'node-role.kubernetes.io/control-plane' in (metadata.labels ?? {});
	return {
		resourceVersion: metadata.resourceVersion,
		kubelet: status.nodeInfo?.kubeletVersion,
		runtime: status.nodeInfo?.containerRuntimeVersion,
		base: {
			...metaOf(metadata, ''),
			id: metadata.name,
			kind: 'node',
			spec,
			status: {
				state: ready?.status === 'True' ? 'ready' : ready === undefined ? 'unknown' : 'down',
				at: instantOf(ready?.lastTransitionTime) ?? instantOf(metadata.creationTimestamp) ?? 0,
				...(message === undefined ? {} : {message}),
				...(ailing === '' || ready?.status !== 'True' ? {} : {ailing}),
				fencing: false,
			},
			availability: 'active',
			generation: 1,
			capacity: {
				cpus: parseQuantity(status.allocatable?.cpu ?? status.capacity?.cpu) ?? 0,
				memoryBytes: parseQuantity(status.allocatable?.memory ?? status.capacity?.memory) ?? 0,
			},
			role: isManager ? 'manager' : 'worker',
			...(taints.length > 0 && {taints}),
			reserved: {cpus: 0, memoryBytes: 0},
			instances: 0,
			removing: metadata.deletionTimestamp !== undefined,
		},
	};
}

export function nodeSpecOf({metadata, spec}: WireNode): NodeSpec {
	const drain = metadata.annotations?.[own.drain];
	const deadline = Number(drain);
	return {
		availability: !spec?.unschedulable ? 'active' : drain === undefined ? 'cordoned' : 'drained',
		labels: metadata.labels ?? {},
		capacity: {},
		...(spec?.unschedulable && drain && deadline > 0 ? {drainDeadlineAt: deadline} : {}),
	};
}

/** With what its pods make of it; `blockers` say what holds a drain up. */
export function nodeOf({base, resourceVersion}: KeptNode, use: NodeUse, blockers: string | undefined): Node {
	const {availability: asked} = base.spec;
	const availability: Availability = asked === 'drained' && use.movable > 0 ? 'draining' : asked;
	const reserved = {cpus: Math.round(use.cpus * 1000) / 1000, memoryBytes: use.memoryBytes};
	const message = [blockers, base.status.message].filter(text => text !== undefined).join(' · ');
	return {
		...base,
		status: {...base.status, ...(message === '' ? {} : {message})},
		availability,
		reserved,
		instances: use.instances,
		staying: use.instances - use.movable,
		revision: revisionOf(
			`${resourceVersion}.${use.instances}.${use.movable}.${reserved.cpus}.${reserved.memoryBytes}.${printOf(message)}`,
			base.spec,
		),
	};
}

/** But for those by which Kubernetes itself says how the node is. */
function taintsOf({spec = {}}: WireNode): readonly Taint[] {
	return (spec.taints ?? [])
		.filter(({key}) => !key.startsWith('node.kubernetes.io/'))
		.map(({key, value = '', effect}) => ({key, value, effect: effect as Taint['effect']}));
}

/** Why it is not ready, and what presses it. */
function messageOf(wire: WireNode, taints: readonly Taint[]): string | undefined {
	const ready = wire.status?.conditions?.find(({type}) => type === 'Ready');
	const unready = ready === undefined || ready.status === 'True' ? [] : [ready.message || ready.reason || ''];
	const said = [...unready, ...pressingOf(wire)].filter(text => text !== '');
	const words = taints.map(({key, value, effect}) => `${key}${value ? `=${value}` : ''}:${effect}`);
	const all = [...new Set(said), ...(words.length > 0 ? [`taints ${words.join(', ')}`] : [])];
	return all.length === 0 ? undefined : all.join(' · ');
}

/** All conditions but that it is ready say that something is amiss: the kubelet's own, and those of whoever else looks after nodes. */
function pressingOf({status = {}}: WireNode): readonly string[] {
	return (status.conditions ?? [])
		.filter(({type, status: value}) => type !== 'Ready' && value === 'True')
		.map(({type, message, reason}) => [type, message || reason].filter(Boolean).join(': '));
}
