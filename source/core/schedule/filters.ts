import type {Node} from '../model/index.ts';
import {formatBytes} from '../text/units.ts';
import {meetsConstraint} from './constraint.ts';
import type {Demand} from './demand.ts';
import {freeOf, type Room} from './room.ts';

/** Why a node is not taken. */
export type Refusal = {
	/** Behind the node's name: `cordoned`, `needs 4 CPUs, 1.5 free`. */
	readonly reason: string;
	/** Behind a number of nodes refused alike, one and several: `lacks CPUs`, `lack CPUs`. */
	readonly alike: readonly [one: string, many: string];
	/** Where room is short: what is free, in the resource's own unit. */
	readonly short?: {readonly of: 'milliCpus' | 'bytes'; readonly free: number; readonly shared: boolean};
};

/** Admits a node (undefined) or says why not. `running` counts the instances of the service that stay there. */
type Filter = (room: Room, demand: Demand, running: number) => Refusal | undefined;

const isUp: Filter = ({node}) => (node.status.state === 'ready' ? undefined : stateRefusals[node.status.state]);

const isWhole: Filter = ({node}) => {
	if (node.status.fencing) {
		return plain('being fenced');
	}

	return node.removing ? plain('being removed') : undefined;
};

/** What is asked counts as soon as it is asked, what is observed until it has passed. */
const takesWork: Filter = ({node}) => {
	if (node.spec.availability === 'drained') {
		return plain(node.availability === 'drained' ? 'drained' : 'draining');
	}

	const availability = node.spec.availability === 'active' ? node.availability : node.spec.availability;
	return availability === 'active' ? undefined : plain(availability);
};

const meetsConstraints: Filter = ({node}, {constraints}) => {
	const unmet = constraints.find(constraint => !meetsConstraint(node, constraint));
	if (unmet === undefined) {
		return undefined;
	}

	return unmet.equal
		? {reason: `lacks ${unmet.text}`, alike: [`lacks ${unmet.text}`, `lack ${unmet.text}`]}
		: plain(`excluded by ${unmet.text}`);
};

const hasFewEnough: Filter = (_room, {maxPerNode}, running) =>
	maxPerNode === 0 || running < maxPerNode
		? undefined
		: {
				reason: `runs ${running} of it, at most ${maxPerNode} may be on a node`,
				alike: [`holds the most allowed per node (${maxPerNode})`, `hold the most allowed per node (${maxPerNode})`],
			};

const hasPlace: Filter = ({pool}) =>
	pool === undefined || pool.instances < pool.most
		? undefined
		: plain(`on a machine with the most instances allowed (${pool.most})`);

const hasCpus: Filter = (room, {need}) => {
	const {free, shared} = freeOf(room, 'milliCpus');
	return need.milliCpus <= free
		? undefined
		: {
				reason: `needs ${cpusText(need.milliCpus)}, ${shared ? 'its machine has ' : ''}${free / 1000} free`,
				alike: ['lacks CPUs', 'lack CPUs'],
				short: {of: 'milliCpus', free, shared},
			};
};

const hasMemory: Filter = (room, {need}) => {
	const {free, shared} = freeOf(room, 'bytes');
	return need.bytes <= free
		? undefined
		: {
				reason: `needs ${formatBytes(need.bytes)} of memory, ${shared ? 'its machine has ' : ''}${formatBytes(free)} free`,
				alike: ['lacks memory', 'lack memory'],
				short: {of: 'bytes', free, shared},
			};
};

/** Asked in this order; the first refusal counts. Those of the node do not change while instances are placed. */
const nodeFilters: readonly Filter[] = [isUp, isWhole, takesWork, meetsConstraints];
const roomFilters: readonly Filter[] = [hasFewEnough, hasPlace, hasCpus, hasMemory];

/** By what the node is, whatever else is placed on it. */
export function refuseNode(room: Room, demand: Demand): Refusal | undefined {
	return first(nodeFilters, room, demand, 0);
}

/** By what the node holds. Once it refuses, it refuses as long as instances are only added. */
export function refuseRoom(room: Room, demand: Demand, running: number): Refusal | undefined {
	return first(roomFilters, room, demand, running);
}

export function refuse(room: Room, demand: Demand, running: number): Refusal | undefined {
	return refuseNode(room, demand) ?? refuseRoom(room, demand, running);
}

export function cpusText(milliCpus: number): string {
	return `${milliCpus / 1000} ${milliCpus === 1000 ? 'CPU' : 'CPUs'}`;
}

function first(filters: readonly Filter[], room: Room, demand: Demand, running: number): Refusal | undefined {
	for (const filter of filters) {
		const refusal = filter(room, demand, running);
		if (refusal !== undefined) {
			return refusal;
		}
	}

	return undefined;
}

const stateRefusals: Readonly<Record<Exclude<Node['status']['state'], 'ready'>, Refusal>> = {
	down: plain('down'),
	unknown: plain('not heard of'),
};

function plain(reason: string): Refusal {
	return {reason, alike: [reason, reason]};
}
