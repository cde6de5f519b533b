import type {NodeIdentity} from '../fleet.ts';
import type {SimulatedFleet} from './fleet.ts';
import {SimulatedNode} from './node.ts';
import type {SimulatedProcess} from './process.ts';
import type {World} from './world.ts';

/** All nodes and what really runs on them: the ground truth that outlives every daemon. */
export class SimulatedMachine {
	readonly #world: World;
	readonly #nodes = new Map<string, SimulatedNode>();
	readonly #ghosts: SimulatedNode[] = [];
	/** Of the daemon that is there now; undefined: there is none. */
	fleet: SimulatedFleet | undefined;

	constructor(world: World) {
		this.#world = world;
	}

	get nodes(): SimulatedNode[] {
		return [...this.#nodes.values()];
	}

	node(id: string): SimulatedNode | undefined {
		return this.#nodes.get(id);
	}

	/** Made, if it is not there. */
	nodeFor(identity: NodeIdentity): SimulatedNode {
		let node = this.#nodes.get(identity.id);
		if (node === undefined) {
			node = new SimulatedNode(this.#world, identity, () => this.fleet);
			this.#nodes.set(identity.id, node);
		}

		return node;
	}

	removeNode(id: string): void {
		this.#nodes.delete(id);
	}

	/** An agent that a fence did not find, as it was only just being started, comes up with an empty folder. */
	startLateAgent({id, name}: SimulatedNode, generation: number): void {
		const ghost = new SimulatedNode(this.#world, {id, name}, () => this.fleet);
		this.#ghosts.push(ghost);
		ghost.startAgent(generation);
	}

	/** Every process of an instance that lives. */
	processes(): SimulatedProcess[] {
		return [...this.#nodes.values(), ...this.#ghosts].flatMap(({processes}) => [...processes]);
	}
}
