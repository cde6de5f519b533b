import {holdsRoom} from '../instance-state.ts';
import type {Instance, Instant, Node, Pool} from '../model/index.ts';
import {type MachineCapacity, noResources} from '../model/resources.ts';

/** The machine that new nodes are parts of. */
export type Machine = {readonly name: string; readonly capacity: MachineCapacity};

export function membersOf({name}: Pick<Pool, 'name'>, nodes: readonly Node[]): Node[] {
	return nodes.filter(node => node.pool?.name === name && !node.removing);
}

/** A drain that a user has taken back ends the leaving, too. */
export function isLeaving({pool, spec}: Node): boolean {
	return pool?.leaving === true && spec.availability === 'drained';
}

/** The first names that are free: `burst-1`, `burst-2`. */
export function freeNames({name}: Pick<Pool, 'name'>, nodes: readonly Node[], count: number): string[] {
	const taken = new Set(nodes.map(node => node.name));
	const free: string[] = [];
	for (let number = 1; free.length < count; number++) {
		if (!taken.has(`${name}-${number}`)) {
			free.push(`${name}-${number}`);
		}
	}

	return free;
}

/** A node as the pool makes it, before its agent is there. Its id is its name until the store gives it one. */
export function newMember(
	{name: pool, spec}: Pick<Pool, 'name' | 'spec'>,
	name: string,
	machine: Machine,
	now: Instant,
) {
	const {cpus, memoryBytes} = spec.capacity;
	return {
		id: name,
		name,
		revision: '',
		createdAt: now,
		updatedAt: now,
		kind: 'node',
		spec: {availability: 'active', labels: spec.labels, capacity: spec.capacity},
		status: {state: 'unknown', at: now, fencing: false, message: 'waits for its agent'},
		availability: 'active',
		generation: 1,
		capacity: {
			cpus: Math.min(cpus ?? machine.capacity.cpus, machine.capacity.cpus),
			memoryBytes: Math.min(memoryBytes ?? machine.capacity.memoryBytes, machine.capacity.memoryBytes),
		},
		machine,
		pool: {name: pool, leaving: false},
		reserved: noResources,
		instances: 0,
		removing: false,
	} as const satisfies Node;
}

/** As it will be when it takes work. */
export function asReady(node: Node): Node {
	const {drainDeadlineAt: _, ...spec} = node.spec;
	return {
		...node,
		spec: {...spec, availability: 'active'},
		availability: 'active',
		status: {state: 'ready', at: node.status.at, fencing: false},
	};
}

/** What it holds, but for what runs on every node anyhow. */
export function workOn(
	node: Node,
	instances: readonly Instance[],
	isGlobal: (instance: Instance) => boolean,
): Instance[] {
	return instances.filter(
		instance => instance.nodeId === node.id && holdsRoom(instance.status.state) && !isGlobal(instance),
	);
}
