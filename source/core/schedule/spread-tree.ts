import type {Preference} from './constraint.ts';
import {sinkTop} from './heap.ts';
import {isEmptier, type Room} from './room.ts';

/**
 * The nodes that a kind of demand may go to: grouped by the label of its first preference, in each group by the second, and
 * so on; at the bottom the nodes. It serves every service with these constraints and preferences for a whole pass.
 */
export type Twig = {
	/** At the bottom. */
	readonly room: Room | undefined;
	/** Those below by their label's value; empty above the nodes. */
	readonly groups: Map<string, Twig>;
	/** A heap of those below, emptiest first; who works on one takes it out meanwhile. */
	readonly below: Twig[];
	/** The rank of the emptiest node in it when last looked at. Nodes only get fuller, so it is never too low a rank. */
	share: number;
	instances: number;
	index: number;
};

export function growTree(rooms: readonly Room[], preferences: readonly Preference[]): Twig {
	const root = newTwig();
	// In this order each list of twigs is made sorted, and a sorted list is a heap.
	for (const room of [...rooms].sort((a, b) => (isEmptier(a, b) ? -1 : 1))) {
		let group = root;
		for (const {label} of preferences) {
			group = groupIn(group, labelValue(room, label), room);
		}

		group.below.push(newTwig(room));
	}

	return root;
}

/** The groups that a node belongs to, outermost first, whether it is in the tree itself or not. */
export function groupsOf(root: Twig, room: Room, preferences: readonly Preference[]): Twig[] {
	const path: Twig[] = [];
	let group: Twig | undefined = root;
	for (const {label} of preferences) {
		group = group.groups.get(labelValue(room, label));
		if (group === undefined) {
			break;
		}

		path.push(group);
	}

	return path;
}

/** The twig below with the emptiest node, with its rank as it is now. */
export function emptiest({below}: Twig): Twig | undefined {
	for (;;) {
		const top = below[0];
		if (top === undefined || !refresh(top)) {
			return top;
		}

		sinkTop(below, isEmptier);
	}
}

/** Brings the twig's rank up to date; true when it has changed. */
function refresh(twig: Twig): boolean {
	const now = twig.room ?? emptiest(twig);
	if (now === undefined || (twig.share === now.share && twig.instances === now.instances && twig.index === now.index)) {
		return false;
	}

	twig.share = now.share;
	twig.instances = now.instances;
	twig.index = now.index;
	return true;
}

function groupIn(parent: Twig, value: string, first: Room): Twig {
	let group = parent.groups.get(value);
	if (group === undefined) {
		group = {...newTwig(first), room: undefined};
		parent.groups.set(value, group);
		parent.below.push(group);
	}

	return group;
}

function newTwig(room?: Room): Twig {
	const {share, instances, index} = room ?? {share: 0, instances: 0, index: 0};
	return {room, groups: new Map(), below: [], share, instances, index};
}

function labelValue({node}: Room, label: string): string {
	return Object.hasOwn(node.spec.labels, label) ? (node.spec.labels[label] ?? '') : '';
}
