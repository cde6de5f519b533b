import {toClusterError} from '../error.ts';
import {type ClusterView, failuresTolerated} from './cluster-view.ts';
import {type Demand, demandOf, type PendingInstance} from './demand.ts';
import {judge} from './explain.ts';
import {refuse, refuseNode, refuseRoom} from './filters.ts';
import {refusalSentence} from './refusal.ts';
import {copyRooms, fill, type Room} from './room.ts';
import {Ranking} from './scores.ts';
import {groupsOf, growTree, type Twig} from './spread-tree.ts';

export type Schedule = {
	readonly placements: ReadonlyArray<{readonly instanceId: string; readonly nodeId: string}>;
	/** `reason` is a sentence for people. */
	readonly refusals: ReadonlyArray<{readonly instanceId: string; readonly reason: string}>;
};

/**
 * Finds nodes for all pending instances: the oldest first, those of one service together, lowest slot first. The result
 * depends on nothing but the two arguments (not on the order of `pending`), and the view is left as it was.
 */
export function schedule(pending: readonly PendingInstance[], cluster: ClusterView): Schedule {
	const pass = new Pass(cluster);
	for (const group of groupEqual(pending)) {
		pass.place(group);
	}

	return pass;
}

class Pass implements Schedule {
	readonly placements: Array<{instanceId: string; nodeId: string}> = [];
	readonly refusals: Array<{instanceId: string; reason: string}> = [];
	readonly #cluster: ClusterView;
	readonly #rooms: Room[];
	/** By constraints and preferences. */
	readonly #trees = new Map<string, Twig>();
	/** Instances of a service that stay, by room, with those placed in this pass. */
	readonly #running = new Map<string, Map<number, number>>();

	constructor(cluster: ClusterView) {
		this.#cluster = cluster;
		this.#rooms = copyRooms(cluster.rooms);
	}

	/** Instances that ask for the same; none is asked for of which another was refused. */
	place(group: readonly PendingInstance[]): void {
		const [pattern] = group;
		if (pattern === undefined) {
			return;
		}

		try {
			const demand = demandOf(pattern);
			pattern.nodeId === undefined ? this.#placeFree(group, demand) : this.#placeFixed(group, demand);
		} catch (thrown) {
			// A spec is checked when it is written; one that an older version let through must not stop everybody else.
			const {message} = toClusterError(thrown);
			this.#refuseAll(group, message);
		}
	}

	#placeFixed(group: readonly PendingInstance[], demand: Demand): void {
		const running = this.#runningOf(demand);
		for (const pending of group) {
			const room = this.#rooms[this.#cluster.roomByNode.get(pending.nodeId ?? '')?.index ?? -1];
			const refusal = room && refuse(room, demand, running.get(room.index) ?? 0);
			if (room === undefined || refusal !== undefined) {
				this.#refuseAll([pending], room && refusal ? `${room.node.name}: ${refusal.reason}` : 'its node is gone');
			} else {
				this.#take(pending, room, demand, running);
			}
		}
	}

	#placeFree(group: readonly PendingInstance[], demand: Demand): void {
		const running = this.#runningOf(demand);
		const failures = this.#cluster.failures.get(demand.failureKey);
		const admits = (room: Room) => refuseRoom(room, demand, running.get(room.index) ?? 0) === undefined;
		const isTrusted = (room: Room) => (failures?.get(room.index) ?? 0) < failuresTolerated;
		let left = this.#placeRanked(group, demand, running, room => isTrusted(room) && admits(room));
		if (left.length > 0 && failures !== undefined) {
			left = this.#placeRanked(left, demand, running, admits);
		}

		if (left.length > 0) {
			this.#refuseAll(left, refusalSentence(judge(this.#rooms, demand, running), demand));
		}
	}

	/** The answer has those for which nothing was left. */
	#placeRanked(
		group: readonly PendingInstance[],
		demand: Demand,
		running: Map<number, number>,
		admits: (room: Room) => boolean,
	): readonly PendingInstance[] {
		const tree = this.#treeFor(demand);
		const ranking = new Ranking({tree, admits, count: countIn(tree, demand, running, this.#rooms)});
		let placed = 0;
		for (const pending of group) {
			const room = ranking.best();
			if (room === undefined) {
				break;
			}

			this.#take(pending, room, demand, running);
			ranking.filled();
			placed++;
		}

		ranking.close();
		return group.slice(placed);
	}

	#take({instanceId}: PendingInstance, room: Room, {need}: Demand, running: Map<number, number>): void {
		fill(room, need);
		running.set(room.index, (running.get(room.index) ?? 0) + 1);
		this.placements.push({instanceId, nodeId: room.node.id});
	}

	#refuseAll(group: readonly PendingInstance[], reason: string): void {
		this.refusals.push(...group.map(({instanceId}) => ({instanceId, reason})));
	}

	#treeFor(demand: Demand): Twig {
		const key = [...demand.constraints, ...demand.preferences].map(({text}) => text).join('\n');
		let tree = this.#trees.get(key);
		if (tree === undefined) {
			const eligible = this.#rooms.filter(room => refuseNode(room, demand) === undefined);
			tree = growTree(eligible, demand.preferences);
			this.#trees.set(key, tree);
		}

		return tree;
	}

	#runningOf({serviceId}: Demand): Map<number, number> {
		let running = this.#running.get(serviceId);
		if (running === undefined) {
			running = new Map(this.#cluster.staying.get(serviceId));
			this.#running.set(serviceId, running);
		}

		return running;
	}
}

/** A service's instances in a twig, as they were before the ranking started. */
function countIn(
	tree: Twig,
	{preferences}: Demand,
	running: ReadonlyMap<number, number>,
	rooms: readonly Room[],
): (twig: Twig) => number {
	const inGroup = new Map<Twig, number>();
	if (preferences.length > 0) {
		for (const [index, count] of running) {
			for (const group of groupsOf(tree, rooms[index] as Room, preferences)) {
				inGroup.set(group, (inGroup.get(group) ?? 0) + count);
			}
		}
	}

	return twig => (twig.room === undefined ? inGroup.get(twig) : running.get(twig.room.index)) ?? 0;
}

function groupEqual(pending: readonly PendingInstance[]): Iterable<PendingInstance[]> {
	const groups = new Map<string, PendingInstance[]>();
	for (const instance of [...pending].sort(byAge)) {
		const {serviceId, version, placement, reserve, nodeId} = instance;
		const key = JSON.stringify([serviceId, version, placement, reserve, nodeId === undefined]);
		const group = groups.get(key);
		group === undefined ? groups.set(key, [instance]) : group.push(instance);
	}

	return groups.values();
}

function byAge(a: PendingInstance, b: PendingInstance): number {
	return (
		a.createdAt - b.createdAt ||
		compareText(a.serviceId, b.serviceId) ||
		a.slot - b.slot ||
		compareText(a.instanceId, b.instanceId)
	);
}

function compareText(a: string, b: string): number {
	return a === b ? 0 : a < b ? -1 : 1;
}
