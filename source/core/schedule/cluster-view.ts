import {holdsRoom} from '../instance-state.ts';
import type {Instance, Instant, Node, Resources} from '../model/index.ts';
import {unseenEnd} from '../restart.ts';
import {type Amount, emptyRooms, fill, type Room} from './room.ts';

/** Failures of a service on a node are held against the node for this long. */
export const failureMemoryMs = 5 * 60_000;
/** With so many of them the node is the last choice for that service. */
export const failuresTolerated = 5;

/** Room's index → how many. */
export type CountByRoom = ReadonlyMap<number, number>;

/** All that the scheduler looks at, built once per pass. */
export type ClusterView = {
	readonly rooms: readonly Room[];
	readonly roomByNode: ReadonlyMap<string, Room>;
	/** By service: its instances that are there to stay, those that spreading counts. */
	readonly staying: ReadonlyMap<string, CountByRoom>;
	/** By `failureKey`: failures of late. */
	readonly failures: ReadonlyMap<string, CountByRoom>;
};

type ViewInput = {
	readonly now: Instant;
	readonly nodes: Iterable<Node>;
	/** Of all services. History is not needed, but where it is given failures of late count against their node. */
	readonly instances: Iterable<Instance>;
	/** What an instance reserves: that of the version it was made from. */
	reserveOf(instance: Instance): Resources;
};

/** Linear in nodes and instances. */
export function clusterView({now, nodes, instances, reserveOf}: ViewInput): ClusterView {
	const rooms = emptyRooms(nodes);
	const roomByNode = new Map(rooms.map(room => [room.node.id, room]));
	const held = new Held(rooms.length);
	const staying = new Map<string, Map<number, number>>();
	const failures = new Map<string, Map<number, number>>();
	for (const instance of instances) {
		const room = roomByNode.get(instance.nodeId ?? '');
		if (room === undefined) {
			continue;
		}

		if (holdsRoom(instance.status.state)) {
			held.add(room.index, reserveOf(instance));
			if (instance.desired === 'running' && keepsInstances(room.node)) {
				countUp(staying, instance.serviceId, room.index);
			}
		} else if (isRecentFailure(instance, now)) {
			countUp(failures, failureKey(instance), room.index);
		}
	}

	for (const room of rooms) {
		fill(room, held.amount(room.index), held.counts[room.index]);
	}

	return {rooms, roomByNode, staying, failures};
}

/** Sums by room, without an object for each of many thousand instances. */
class Held {
	readonly counts: Float64Array;
	readonly #milliCpus: Float64Array;
	readonly #bytes: Float64Array;

	constructor(rooms: number) {
		this.counts = new Float64Array(rooms);
		this.#milliCpus = new Float64Array(rooms);
		this.#bytes = new Float64Array(rooms);
	}

	add(room: number, {cpus, memoryBytes}: Resources): void {
		this.counts[room] = (this.counts[room] ?? 0) + 1;
		this.#milliCpus[room] = (this.#milliCpus[room] ?? 0) + Math.round(cpus * 1000);
		this.#bytes[room] = (this.#bytes[room] ?? 0) + memoryBytes;
	}

	amount(room: number): Amount {
		return {milliCpus: this.#milliCpus[room] ?? 0, bytes: this.#bytes[room] ?? 0};
	}
}

/** A new version starts with a clean record. */
export function failureKey({serviceId, version}: Pick<Instance, 'serviceId' | 'version'>): string {
	return `${serviceId}@${version}`;
}

/** What runs on other nodes is about to go, and another node gets its replacement. */
function keepsInstances({status, spec, removing}: Node): boolean {
	return status.state !== 'down' && !status.fencing && !removing && spec.availability !== 'drained';
}

/** An end that nobody saw is none of the node's doing: after a restart of the machine or a restored state all of them have it. */
function isRecentFailure({status}: Instance, now: Instant): boolean {
	const ended = status.state === 'failed' || status.state === 'rejected';
	return ended && status.reason !== unseenEnd && now - (status.finishedAt ?? status.at) <= failureMemoryMs;
}

function countUp(counts: Map<string, Map<number, number>>, key: string, index: number): void {
	let byRoom = counts.get(key);
	if (byRoom === undefined) {
		byRoom = new Map();
		counts.set(key, byRoom);
	}

	byRoom.set(index, (byRoom.get(index) ?? 0) + 1);
}
