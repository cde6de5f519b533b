import {isFinal} from '../instance-state.ts';
import type {Instance, Node, Resources, Service} from '../model/index.ts';
import {addResources, noResources, type UsageFigure, usageFigures} from '../model/resources.ts';
import type {ClusterWorld} from '../preview/world.ts';
import {isHealthy} from '../reconcile/slots.ts';

export const serviceConditions = ['well', 'degraded', 'down', 'idle'] as const;
export const nodeConditions = ['ready', 'closed', 'unknown', 'down'] as const;
export const instanceConditions = [
	'healthy',
	'starting',
	'unhealthy',
	'stopping',
	'pending',
	'failed',
	'done',
] as const;

export type ServiceCondition = (typeof serviceConditions)[number];
/** `closed`: ready, but cordoned, draining or drained. */
export type NodeCondition = (typeof nodeConditions)[number];
export type InstanceCondition = (typeof instanceConditions)[number];

/** Health at a glance: how many of what is in which condition, and what is used. */
export type Pulse = {
	readonly services: Readonly<Record<ServiceCondition, number>>;
	/** Services of which an update is under way. */
	readonly updating: number;
	readonly nodes: Readonly<Record<NodeCondition, number>>;
	readonly instances: Readonly<Record<InstanceCondition, number>>;
	/** What all machines have together, each once. */
	readonly capacity: Resources;
	readonly reserved: Resources;
	/** A figure that nobody measured is absent. CPU and memory as the nodes say; where none does, the sum of the instances. */
	readonly usage: {readonly [F in UsageFigure]?: number};
};

/** What of a pulse is of the instances alone, which are most of a world. */
export type InstancePulse = {readonly conditions: Pulse['instances']; readonly usage: Pulse['usage']};

export function instancePulse(instances: readonly Instance[]): InstancePulse {
	return {conditions: tally(instanceConditions, instances, instanceCondition), usage: usageSum(instances)};
}

/** Linear in the world; but for its instances, where what they come to is known. */
export function pulseOf(
	{services, nodes, instances}: ClusterWorld,
	{conditions, usage} = instancePulse(instances),
): Pulse {
	const perService = tally(serviceConditions, services, serviceCondition);
	return {
		services: perService,
		updating: services.filter(({rollout}) => rollout?.state === 'updating').length,
		nodes: tally(nodeConditions, nodes, nodeCondition),
		instances: conditions,
		capacity: wholeCapacity(nodes),
		reserved: nodes.reduce((sum, {reserved}) => addResources(sum, reserved), noResources),
		usage: {...usage, ...usageSum(nodes)},
	};
}

export function serviceCondition({spec, status}: Service): ServiceCondition {
	const wanted = spec.mode === 'job' ? status.desired - status.completed : status.desired;
	if (wanted <= 0) {
		return 'idle';
	}

	const enough = spec.mode === 'job' && spec.maxConcurrent > 0 ? Math.min(wanted, spec.maxConcurrent) : wanted;
	return status.healthy >= enough ? 'well' : status.healthy > 0 ? 'degraded' : 'down';
}

export function nodeCondition({status, availability}: Node): NodeCondition {
	return status.state === 'ready' && availability !== 'active' ? 'closed' : status.state;
}

export function instanceCondition(instance: Instance): InstanceCondition {
	const {status, desired} = instance;
	const {state} = status;
	if (state === 'completed' || state === 'stopped') {
		return 'done';
	}

	if (isFinal(state)) {
		return 'failed';
	}

	if (desired === 'stopped') {
		return 'stopping';
	}

	if (state === 'pending') {
		return 'pending';
	}

	return isHealthy(instance) ? 'healthy' : status.health === 'unhealthy' ? 'unhealthy' : 'starting';
}

/** All machines together, each once: several nodes may share one. */
export function wholeCapacity(nodes: readonly Node[]): Resources {
	const seen = new Set<string>();
	let sum = noResources;
	for (const {id, machine, capacity} of nodes) {
		const key = machine === undefined ? `node ${id}` : `machine ${machine.name}`;
		if (!seen.has(key)) {
			seen.add(key);
			sum = addResources(sum, machine?.capacity ?? capacity);
		}
	}

	return sum;
}

function tally<K extends string, T>(
	keys: readonly K[],
	items: readonly T[],
	conditionOf: (item: T) => K,
): Readonly<Record<K, number>> {
	const counts = Object.fromEntries(keys.map(key => [key, 0])) as Record<K, number>;
	for (const item of items) {
		counts[conditionOf(item)]++;
	}

	return counts;
}

function usageSum(items: ReadonlyArray<Pick<Instance | Node, 'usage'>>): Pulse['usage'] {
	const sums: {[F in UsageFigure]?: number} = {};
	for (const {usage} of items) {
		if (usage !== undefined) {
			for (const figure of usageFigures) {
				const value = usage[figure];
				if (value !== undefined) {
					sums[figure] = (sums[figure] ?? 0) + value;
				}
			}
		}
	}

	return sums;
}
