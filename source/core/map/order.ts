import type {Instance, Node, Service} from '../model/index.ts';
import {instanceCondition} from '../pulse/pulse.ts';

/** A node and those of the order that are on it: from, up to but not including to. */
export type Group = {
	readonly node: Node | undefined;
	readonly name: string;
	readonly from: number;
	readonly to: number;
};

export type Ordered = {readonly groups: readonly Group[]; readonly order: readonly Instance[]};

type Named = {readonly id: string; readonly name: string};

/** As people count: n2 before n10. */
function sortedByName<T extends Named>(items: readonly T[]): readonly T[] {
	return items
		.map(item => ({item, key: `${item.name.replace(/\d+/g, digits => digits.padStart(12, '0'))} ${item.id}`}))
		.sort((a, b) => (a.key < b.key ? -1 : 1))
		.map(({item}) => item);
}

/**
 * Instances by node, and on a node by service, each in the order in which they are given; what has no node comes last. What
 * has ended for good is left out. Linear but for the names of nodes and services.
 */
export function orderByNode(
	nodes: readonly Node[],
	services: readonly Service[],
	instances: readonly Instance[],
): Ordered {
	const sorted = sortedByName(nodes);
	const rankOfNode = new Map(sorted.map(({id}, rank) => [id, rank]));
	const rankOfService = new Map(sortedByName(services).map(({id}, rank) => [id, rank]));
	const shown = instances.filter(instance => instanceCondition(instance) !== 'done');
	const nowhere = sorted.length;
	const byService = countingSort(
		shown,
		services.length + 1,
		({serviceId}) => rankOfService.get(serviceId) ?? services.length,
	);
	const nodeRank = ({nodeId}: Instance) => rankOfNode.get(nodeId ?? '') ?? nowhere;
	const {items, starts} = countingSort(byService.items, nowhere + 1, nodeRank);
	const groups: Group[] = sorted.map((node, rank) => ({
		node,
		name: node.name,
		from: starts[rank] ?? 0,
		to: starts[rank + 1] ?? 0,
	}));
	const waiting = {node: undefined, name: 'no node', from: starts[nowhere] ?? 0, to: items.length};
	return {groups: waiting.from < waiting.to ? [...groups, waiting] : groups, order: items};
}

/** Stable. `starts`: where those of each rank begin. */
function countingSort<T>(
	items: readonly T[],
	ranks: number,
	rankOf: (item: T) => number,
): {readonly items: readonly T[]; readonly starts: readonly number[]} {
	const starts = new Array<number>(ranks + 1).fill(0);
	const rankOfItem = Uint32Array.from(items, rankOf);
	for (const rank of rankOfItem) {
		starts[rank + 1] = (starts[rank + 1] ?? 0) + 1;
	}

	for (let rank = 0; rank < ranks; rank++) {
		starts[rank + 1] = (starts[rank + 1] ?? 0) + (starts[rank] ?? 0);
	}

	const next = [...starts];
	const sorted = new Array<T>(items.length);
	items.forEach((item, index) => {
		const rank = rankOfItem[index] ?? 0;
		const place = next[rank] ?? 0;
		sorted[place] = item;
		next[rank] = place + 1;
	});
	return {items: sorted, starts};
}
