import type {Assignment} from '../fleet.ts';
import {SimulatedAgent} from './agent.ts';
import {behaviorVariable, parseBehavior} from './behavior.ts';
import type {SimulatedFleet} from './fleet.ts';
import type {KeptInstance} from './kept-instance.ts';
import {SimulatedProcess} from './process.ts';
import type {World} from './world.ts';

/** One node: its disk, its processes and its agent. It knows nothing of what the orchestrator believes. */
export class SimulatedNode {
	readonly id: string;
	readonly name: string;
	readonly kept = new Map<string, KeptInstance>();
	/** Every process that lives here, whether or not the disk knows of it. */
	readonly processes = new Set<SimulatedProcess>();
	agent: SimulatedAgent | undefined;
	/** Of the agent that was started last. */
	generation = 0;
	/** The daemon that is there now, if there is one. */
	readonly daemon: () => SimulatedFleet | undefined;
	readonly #world: World;
	#hasPower = true;

	constructor(world: World, identity: {readonly id: string; readonly name: string}, daemon: SimulatedNode['daemon']) {
		this.#world = world;
		this.id = identity.id;
		this.name = identity.name;
		this.daemon = daemon;
	}

	/** False: it cannot be started now. */
	startAgent(generation: number): boolean {
		if (!this.#hasPower) {
			return false;
		}

		this.#note(() => `agent of ${this.name} starts, generation ${generation}`);
		this.generation = generation;
		this.agent = new SimulatedAgent(this.#world, this, generation);
		this.agent.begin();
		return true;
	}

	/** By itself or by kill -9; its instances go on. */
	agentExits(): void {
		if (this.agent !== undefined) {
			this.#note(() => `agent of ${this.name} ends`);
			this.agent.die();
			this.agent = undefined;
			this.daemon()?.agentEnded(this.id);
		}
	}

	hangAgent(forMs: number): void {
		const {agent} = this;
		this.#note(() => `agent of ${this.name} hangs for ${forMs} ms`);
		agent?.hang();
		this.#world.clock.after(forMs, () => agent?.goOn());
	}

	/** Agent and instances are gone at once, and nothing is written any more; the agent can be started after the time. */
	losePower(forMs: number): void {
		this.#note(() => `node ${this.name} loses power for ${forMs} ms`);
		this.#hasPower = false;
		for (const process of this.processes) {
			process.vanish();
		}

		this.agentExits();
		this.#world.clock.after(forMs, () => {
			this.#hasPower = true;
		});
	}

	rejects({template}: Assignment): boolean {
		const {reject} = parseBehavior(template.env[behaviorVariable] ?? '');
		return reject >= 1 || (!this.#world.isCalm && this.#world.random() < reject);
	}

	spawn(kept: KeptInstance): void {
		const process = new SimulatedProcess(this.#world, this.id, kept.assignment, () => {
			if (!process.isAlive) {
				this.processes.delete(process);
			}

			this.agent?.processChanged(kept);
		});
		kept.process = process;
		this.processes.add(process);
		this.#note(
			() => `process of ${kept.assignment.instanceName} (${kept.assignment.instanceId}) starts on ${this.name}`,
		);
		this.#world.observer.processStarted?.(process);
	}

	/** After a fence: nothing stays that could be taken for a living instance. */
	clear(): void {
		this.kept.clear();
	}

	#note(text: () => string): void {
		this.#world.observer.note?.(text);
	}
}
