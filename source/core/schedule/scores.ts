import {pop, push, sinkTop} from './heap.ts';
import {isEmptier, type Room} from './room.ts';
import {emptiest, type Twig} from './spread-tree.ts';

/** A twig taken out of the tree for one service. */
type Branch = {
	readonly twig: Twig;
	/** Instances of the service in it. */
	count: number;
	/** Those below that can still take one: a heap, the best first. */
	readonly open: Branch[];
	/** All that were taken out below, to be put back. */
	readonly taken: Branch[];
};

export type RankInput = {
	readonly tree: Twig;
	/** Instances of the service: on a node (or group of nodes), 0 where there are none. */
	count(twig: Twig): number;
	/** Asked again at each placement; a node that is refused once is not offered again. */
	admits(room: Room): boolean;
};

/**
 * Ranks nodes for the instances of one service, one after the other: the group with the fewest of them, level by level,
 * there the node with the fewest; among equals the emptiest (the lowest share reserved, then the fewest instances of all
 * services), then the lowest id.
 *
 * It takes from the tree only what it must look at: nodes without an instance of the service lie there by emptiness, which
 * is their rank, whatever the service. So a placement costs by the logarithm of the nodes.
 */
export class Ranking {
	readonly #input: RankInput;
	readonly #root: Branch;

	constructor(input: RankInput) {
		this.#input = input;
		this.#root = {twig: input.tree, count: 0, open: [], taken: []};
		this.#look(this.#root);
	}

	/** The best node; undefined when none admits. */
	best(): Room | undefined {
		for (;;) {
			const room = bestOf(this.#root);
			if (room === undefined || this.#input.admits(room)) {
				return room;
			}

			// What admitted it may have been used up elsewhere: on a machine that it shares.
			this.#update(this.#root, 0);
		}
	}

	/** The best node has got one more. */
	filled(): void {
		this.#update(this.#root, 1);
	}

	/** Puts everything back: the tree is as before, but for what was placed. */
	close(): void {
		putBack(this.#root);
	}

	/** On the way to the best node: counts, drops what can take no more, and orders anew. */
	#update(branch: Branch, added: number): void {
		const top = branch.open[0];
		if (top === undefined) {
			return;
		}

		top.count += added;
		this.#update(top, added);
		if (this.#isOpen(top)) {
			sinkTop(branch.open, isBefore);
		} else {
			pop(branch.open, isBefore);
		}

		this.#look(branch);
	}

	/** Takes twigs out until the best of those below is certainly among the open ones. */
	#look({twig, open, taken}: Branch): void {
		for (let next = emptiest(twig); next !== undefined; next = emptiest(twig)) {
			const top = open[0];
			const room = top?.count === 0 ? bestOf(top) : undefined;
			if (room !== undefined && !isEmptier(next, room)) {
				return;
			}

			pop(twig.below, isEmptier);
			const branch: Branch = {twig: next, count: this.#input.count(next), open: [], taken: []};
			taken.push(branch);
			this.#look(branch);
			if (this.#isOpen(branch)) {
				push(open, branch, isBefore);
			}
		}
	}

	#isOpen({twig, open}: Branch): boolean {
		return twig.room === undefined ? open.length > 0 : this.#input.admits(twig.room);
	}
}

function isBefore(a: Branch, b: Branch): boolean {
	if (a.count !== b.count) {
		return a.count < b.count;
	}

	if (a.twig.room !== undefined && b.twig.room !== undefined) {
		return isEmptier(a.twig.room, b.twig.room);
	}

	return isBefore(a.open[0] as Branch, b.open[0] as Branch);
}

function bestOf(branch: Branch): Room | undefined {
	let at: Branch | undefined = branch;
	while (at !== undefined && at.twig.room === undefined) {
		at = at.open[0];
	}

	return at?.twig.room;
}

function putBack({twig, taken}: Branch): void {
	for (const branch of taken) {
		putBack(branch);
		push(twig.below, branch.twig, isEmptier);
	}
}
