import type {Query} from '../../../core/backend.ts';
import {isFinal} from '../../../core/instance-state.ts';
import type {Instance, Kind, Objects} from '../../../core/model/index.ts';
import {type NodeUse, nodeOf, unusedNode} from '../translate/translate-node.ts';
import type {KeptPod} from '../translate/translate-pod.ts';
import {type KeptWorkload, scales, selects, serviceOf} from '../translate/translate-workload.ts';
import type {Kept, KeptLink, PartItems, PartName} from './parts.ts';
import type {ReflectorChange} from './reflector.ts';

/** How the objects of one kind are put together from Kubernetes' collections. */
export type Feed<K extends Kind> = {
	/** The first ones are needed; what else is missing takes only something away. */
	readonly parts: readonly PartName[];
	readonly needed: readonly PartName[];
	/** Of all namespaces, whatever the query says. */
	readonly everywhere?: readonly PartName[];
	/** Ids of all objects of the kind. */
	ids(items: PartItems): Iterable<string>;
	make(items: PartItems, id: string, notes: Notes): Objects[K] | undefined;
	/** Which of them a change concerns; `notes` are brought up to date, where it is a new one. */
	affected<P extends PartName>(
		items: PartItems,
		part: P,
		change: ReflectorChange<Kept[P]>,
		notes?: Notes,
	): readonly string[];
	/** In addition to the query's id, name and scope. */
	matches?(object: Objects[K], query: Query<K>, items: PartItems): boolean;
};

/** What this program itself knows of objects: why a drain does not go on. */
export type Notes = {
	readonly blockers: ReadonlyMap<string, string>;
	/** Sums over the pods of each node; made once for a list, kept up to date by a watch. */
	nodeUse?: Map<string, NodeUse>;
};

const workloadParts = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'] as const;

const serviceFeed: Feed<'service'> = {
	parts: [...workloadParts, 'replicasets', 'jobs', 'services', 'revisions', 'autoscalers', 'ingresses'],
	needed: ['deployments'],
	*ids(items) {
		for (const part of workloadParts) yield* items[part].keys();
		for (const part of ['replicasets', 'jobs'] as const) {
			for (const [id, {workload}] of items[part]) if (workload) yield id;
		}
	},
	make(items, id) {
		const workload = workloadOf(items, id);
		if (workload === undefined || workload.isPart) return undefined;
		const services = [...items.services.values()].filter(service => selects(service, workload));
		return serviceOf(workload, {
			services,
			autoscaler: [...items.autoscalers.values()].find(one => scales(one, workload)),
			ingresses: [...items.ingresses.values()].filter(({scope}) => scope === workload.base.scope),
			version: versionOf(items, id, workload),
		});
	},
	affected(items, part, {uid, before, after}) {
		if (part === 'services') {
			const concerned = [before, after].filter(one => one !== undefined) as Array<Kept['services']>;
			return [...workloads(items)]
				.filter(([, one]) => concerned.some(service => selects(service, one)))
				.map(([id]) => id);
		}

		if (part === 'autoscalers') {
			const one = (after ?? before) as Kept['autoscalers'];
			return [...workloads(items)].filter(([, workload]) => scales(one, workload)).map(([id]) => id);
		}

		if (part === 'ingresses') {
			const {name, scope} = (after ?? before) as Kept['ingresses'];
			return [...workloads(items)].filter(([, {base}]) => base.name === name && base.scope === scope).map(([id]) => id);
		}

		if (part === 'revisions') return [((after ?? before) as Kept['revisions'] | undefined)?.ownerId ?? ''];
		return [uid];
	},
};

function workloadOf(items: PartItems, id: string): KeptWorkload | undefined {
	return (
		items.deployments.get(id) ??
		items.statefulsets.get(id) ??
		items.daemonsets.get(id) ??
		items.cronjobs.get(id) ??
		items.jobs.get(id)?.workload ??
		items.replicasets.get(id)?.workload
	);
}

function* workloads(items: PartItems): Iterable<readonly [string, KeptWorkload]> {
	for (const part of workloadParts) yield* items[part];
	for (const part of ['jobs', 'replicasets'] as const) {
		for (const [id, {workload}] of items[part]) if (workload) yield [id, workload];
	}
}

function versionOf(items: PartItems, id: string, {type, updateRevision}: KeptWorkload): number | undefined {
	if (type !== 'statefulset' && type !== 'daemonset') return undefined;
	const own = [...items.revisions.values()].filter(({ownerId}) => ownerId === id);
	const present = own.find(({name}) => name === updateRevision);
	return present?.revision ?? own.reduce((newest, {revision}) => Math.max(newest, revision), 0);
}

const instanceFeed: Feed<'instance'> = {
	parts: ['pods', 'replicasets', 'jobs', 'revisions'],
	needed: ['pods'],
	ids: items => items.pods.keys(),
	make(items, id) {
		const pod = items.pods.get(id);
		return pod && instanceOf(items, pod);
	},
	affected(items, part, {uid, before, after}) {
		if (part === 'pods') return [uid];
		if (part === 'revisions') {
			if (before !== undefined) return [];
			const {ownerId} = (after ?? before) as Kept['revisions'];
			return podsOf(items, ownerId);
		}

		const [was, is] = [before, after] as [KeptLink | undefined, KeptLink | undefined];
		const isSame = was?.version === is?.version && was?.ownerId === is?.ownerId;
		return isSame || is === undefined ? [] : podsOf(items, uid);
	},
	matches: (instance, {serviceId, nodeId, history}, items) =>
		(serviceId === undefined || instance.serviceId === serviceId) &&
		(nodeId === undefined || instance.nodeId === nodeId) &&
		(history === true || isCurrent(instance, items.pods.get(instance.id)?.ownerKind)),
};

/** What lives, on its way out too; and what has ended with nothing in its place: a pod of its own, and all that a Job has tried. */
function isCurrent({status}: Instance, ownerKind: string | undefined): boolean {
	return !isFinal(status.state) || ownerKind === undefined || ownerKind === 'Job';
}

function podsOf(items: PartItems, ownerId: string | undefined): readonly string[] {
	return [...items.pods].filter(([, pod]) => pod.ownerId === ownerId).map(([id]) => id);
}

function instanceOf(items: PartItems, pod: KeptPod): Instance {
	const {base, ownerId = '', ownerName = '', ownerKind, hash} = pod;
	const link = items.replicasets.get(ownerId) ?? items.jobs.get(ownerId);
	const named = hash === undefined ? undefined : revisionNamed(items, ownerId, ownerKind, ownerName, hash);
	const version = link?.version ?? named ?? 0;
	return {
		...base,
		serviceId: link?.ownerId ?? ownerId,
		serviceName: link?.ownerName ?? (ownerKind === 'ReplicaSet' && !link ? withoutHash(ownerName) : ownerName),
		version,
		revision: `${base.revision}.${version}.${link === undefined ? '' : 'o'}`,
	};
}

const hashes = new WeakMap<ReadonlyMap<string, Kept['revisions']>, {size: number; byKey: Map<string, number>}>();

function revisionNamed(
	{revisions}: PartItems,
	ownerId: string,
	ownerKind: string | undefined,
	ownerName: string,
	hash: string,
): number | undefined {
	let index = hashes.get(revisions);
	if (index?.size !== revisions.size) {
		const byKey = new Map([...revisions.values()].map(one => [`${one.ownerId} ${one.name}`, one.revision]));
		index = {size: revisions.size, byKey};
		hashes.set(revisions, index);
	}

	return index.byKey.get(`${ownerId} ${ownerKind === 'DaemonSet' ? `${ownerName}-${hash}` : hash}`);
}

function withoutHash(name: string): string {
	return name.replace(/-[a-z0-9]+$/, '');
}

const nodeFeed: Feed<'node'> = {
	parts: ['nodes', 'pods'],
	needed: ['nodes'],
	everywhere: ['pods'],
	*ids(items) {
		for (const {base} of items.nodes.values()) yield base.id;
	},
	make(items, id, notes) {
		const node = items.nodes.values().find(({base}) => base.id === id);
		notes.nodeUse ??= sumPods(items.pods.values());
		return node && nodeOf(node, notes.nodeUse.get(id) ?? unusedNode, notes.blockers.get(id));
	},
	affected(_, part, {before, after}, notes) {
		if (part === 'nodes') return [((after ?? before) as Kept['nodes'] | undefined)?.base.id ?? ''];
		const [was, is] = [before, after] as [KeptPod | undefined, KeptPod | undefined];
		if (weight(was) === weight(is)) return [];
		if (notes?.nodeUse && was) addPod(notes.nodeUse, was, -1);
		if (notes?.nodeUse && is) addPod(notes.nodeUse, is, 1);
		return [...new Set([was?.base.nodeId, is?.base.nodeId])].filter(id => id !== undefined);
	},
};

/** What of a pod its node counts, as text. */
function weight(pod: KeptPod | undefined): string {
	if (pod === undefined || !isLiving(pod)) return '';
	const {base, reserved} = pod;
	return `${base.nodeId} ${reserved.cpus} ${reserved.memoryBytes} ${isMovable(pod)}`;
}

function isLiving({base}: KeptPod): boolean {
	return !isFinal(base.status.state);
}

/** A drain leaves what belongs to its node: a DaemonSet's pods, and those that the kubelet itself has made. */
export function isMovable({ownerKind}: KeptPod): boolean {
	return ownerKind !== 'DaemonSet' && ownerKind !== 'Node';
}

export function sumPods(pods: Iterable<KeptPod>): Map<string, NodeUse> {
	const sums = new Map<string, NodeUse>();
	for (const pod of pods) {
		addPod(sums, pod, 1);
	}

	return sums;
}

function addPod(sums: Map<string, NodeUse>, pod: KeptPod, sign: 1 | -1): void {
	const {nodeId} = pod.base;
	if (nodeId === undefined || !isLiving(pod)) return;
	const sum = sums.get(nodeId) ?? unusedNode;
	sums.set(nodeId, {
		cpus: sum.cpus + sign * pod.reserved.cpus,
		memoryBytes: sum.memoryBytes + sign * pod.reserved.memoryBytes,
		instances: sum.instances + sign,
		movable: sum.movable + (isMovable(pod) ? sign : 0),
	});
}

const eventFeed: Feed<'event'> = {
	parts: ['events'],
	needed: ['events'],
	ids: items => items.events.keys(),
	make: (items, id) => items.events.get(id),
	affected: (_, __, {uid}) => [uid],
};

const usingParts = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'] as const;

/** Objects that services use, and which ones do. */
function usedFeed<P extends 'configmaps' | 'secrets' | 'claims', K extends 'config' | 'secret' | 'volume'>(
	part: P,
	uses: keyof KeptWorkload['uses'],
): Feed<K> {
	return {
		parts: [part, ...usingParts],
		needed: [part],
		ids: items => items[part].keys(),
		make(items, id) {
			const found = items[part].get(id);
			if (found === undefined) return undefined;
			const usedBy = [...workloads(items)]
				.filter(([, {base, uses: used}]) => base.scope === found.scope && used[uses].includes(found.name))
				.map(([, {base}]) => base.name);
			return {...found, usedBy: usedBy.toSorted(), revision: withUse(found.revision, usedBy)} as unknown as Objects[K];
		},
		affected(items, changed, {uid, before, after}) {
			if ((changed as PartName) === part) return [uid];
			const [was, is] = [before, after] as [KeptWorkload | undefined, KeptWorkload | undefined];
			if (isSameList(was?.uses[uses], is?.uses[uses])) return [];
			const names = new Set([...(was?.uses[uses] ?? []), ...(is?.uses[uses] ?? [])]);
			return [...items[part]].filter(([, {name}]) => names.has(name)).map(([id]) => id);
		},
	};
}

function isSameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
	return a.join(' ') === b.join(' ');
}

/** Before the print of the spec, which is all that a write is held against. */
function withUse(revision: string, usedBy: readonly string[]): string {
	const [version = '', print = ''] = revision.split('-');
	return `${version}.${usedBy.length}-${print}`;
}

const networkFeed: Feed<'network'> = {
	parts: ['services', ...usingParts],
	needed: ['services'],
	ids: items => items.services.keys(),
	make(items, id) {
		const found = items.services.get(id);
		if (found === undefined) return undefined;
		const usedBy = [...workloads(items)].filter(([, one]) => selects(found, one)).map(([, {base}]) => base.name);
		return {...found.network, usedBy: usedBy.toSorted(), revision: withUse(found.network.revision, usedBy)};
	},
	affected(items, part, {uid, before, after}) {
		if (part === 'services') return [uid];
		const [was, is] = [before, after] as [KeptWorkload | undefined, KeptWorkload | undefined];
		if (was !== undefined && is !== undefined) return [];
		const one = was ?? is;
		return one === undefined
			? []
			: [...items.services].filter(([, service]) => selects(service, one)).map(([id]) => id);
	},
};

export const feeds: {readonly [K in Kind]?: Feed<K>} = {
	service: serviceFeed,
	instance: instanceFeed,
	node: nodeFeed,
	network: networkFeed,
	volume: usedFeed<'claims', 'volume'>('claims', 'volumes'),
	config: usedFeed<'configmaps', 'config'>('configmaps', 'configs'),
	secret: usedFeed<'secrets', 'secret'>('secrets', 'secrets'),
	event: eventFeed,
};
