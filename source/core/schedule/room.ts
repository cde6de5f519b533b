import type {Node, Resources} from '../model/index.ts';

/** Resources in whole numbers, so that sums do not depend on their order: thousandths of a core, and bytes. */
export type Amount = {readonly milliCpus: number; readonly bytes: number};

type Filling = {readonly capacity: Amount; reserved: Amount};

/** A machine that several nodes share. */
export type Pool = Filling & {
	readonly name: string;
	/** Living instances on all its nodes, and the most that there may be. */
	instances: number;
	readonly most: number;
};

/** A node as the scheduler sees it. Reservations and counts grow as instances are placed. */
export type Room = Filling & {
	readonly node: Node;
	/** The nodes in the order of their ids: the last resort of every comparison. */
	readonly index: number;
	readonly pool: Pool | undefined;
	/** Living instances of all services. */
	instances: number;
	/** How much of it is reserved, of CPU or memory whichever is more; 1 is all. */
	share: number;
};

export function amountOf({cpus, memoryBytes}: Resources): Amount {
	return {milliCpus: Math.round(cpus * 1000), bytes: memoryBytes};
}

/** The rooms of the nodes, empty. */
export function emptyRooms(nodes: Iterable<Node>): Room[] {
	const pools = new Map<string, Pool>();
	return [...nodes]
		.sort((a, b) => (a.id < b.id ? -1 : 1))
		.map((node, index) => ({
			node,
			index,
			capacity: amountOf(node.capacity),
			reserved: {milliCpus: 0, bytes: 0},
			pool: poolOf(node, pools),
			instances: 0,
			share: 0,
		}));
}

/** Rooms that can be filled without a trace in these. */
export function copyRooms(rooms: readonly Room[]): Room[] {
	const pools = new Map<Pool, Pool>();
	return rooms.map(room => {
		if (room.pool !== undefined && !pools.has(room.pool)) {
			pools.set(room.pool, {...room.pool});
		}

		return {...room, pool: room.pool && pools.get(room.pool)};
	});
}

/** One more instance, with what it reserves; or several, with what they reserve together. */
export function fill(room: Room, need: Amount, instances = 1): void {
	room.instances += instances;
	room.reserved = plus(room.reserved, need);
	room.share = Math.max(
		part(room.reserved.milliCpus, room.capacity.milliCpus),
		part(room.reserved.bytes, room.capacity.bytes),
	);
	if (room.pool !== undefined) {
		room.pool.instances += instances;
		room.pool.reserved = plus(room.pool.reserved, need);
	}
}

/** What of one resource is left on a node, and whether it is its machine that has no more. Never negative. */
export function freeOf({capacity, reserved, pool}: Room, resource: keyof Amount): {free: number; shared: boolean} {
	const own = Math.max(0, capacity[resource] - reserved[resource]);
	const whole = pool === undefined ? own : Math.max(0, pool.capacity[resource] - pool.reserved[resource]);
	return {free: Math.min(own, whole), shared: whole < own};
}

/** The order in which nodes are taken when a service has the same number of instances on each. */
export function isEmptier(a: Pick<Room, Rank>, b: Pick<Room, Rank>): boolean {
	if (a.share !== b.share) {
		return a.share < b.share;
	}

	return a.instances === b.instances ? a.index < b.index : a.instances < b.instances;
}

type Rank = 'share' | 'instances' | 'index';

function poolOf({machine}: Node, pools: Map<string, Pool>): Pool | undefined {
	if (machine === undefined) {
		return undefined;
	}

	let pool = pools.get(machine.name);
	if (pool === undefined) {
		const {name, capacity} = machine;
		const most = capacity.instances ?? Number.POSITIVE_INFINITY;
		pool = {name, capacity: amountOf(capacity), reserved: {milliCpus: 0, bytes: 0}, instances: 0, most};
		pools.set(machine.name, pool);
	}

	return pool;
}

function plus(a: Amount, b: Amount): Amount {
	return {milliCpus: a.milliCpus + b.milliCpus, bytes: a.bytes + b.bytes};
}

function part(reserved: number, capacity: number): number {
	return capacity > 0 ? reserved / capacity : Number(reserved > 0);
}
