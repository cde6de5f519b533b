import type {SimulatedAgent} from './agent.ts';
import type {SimulatedFleet} from './fleet.ts';
import {between, type Range} from './random.ts';
import type {World} from './world.ts';

const underWayMs: Range = [0, 20];

/**
 * A stream between an agent and a daemon: in order each way. What the daemon wrote is read by the agent also after the
 * daemon's death, and then the end; what a dead agent wrote may still be read, or not.
 */
export class Connection {
	readonly agent: SimulatedAgent;
	readonly fleet: SimulatedFleet;
	readonly #world: World;
	#isLost = false;
	#daemonReadsAtMs = 0;
	#agentReadsAtMs = 0;

	constructor(world: World, agent: SimulatedAgent, fleet: SimulatedFleet) {
		this.#world = world;
		this.agent = agent;
		this.fleet = fleet;
	}

	toDaemon(read: () => void): void {
		const nowMs = this.#world.clock.monotonicMs();
		this.#daemonReadsAtMs = Math.max(this.#daemonReadsAtMs, nowMs + between(this.#world.random, underWayMs));
		this.fleet.clock.after(this.#daemonReadsAtMs - nowMs, () => {
			if (!this.#isLost) {
				read();
			}
		});
	}

	toAgent(read: () => void): void {
		const nowMs = this.#world.clock.monotonicMs();
		this.#agentReadsAtMs = Math.max(this.#agentReadsAtMs, nowMs + between(this.#world.random, underWayMs));
		this.agent.later(this.#agentReadsAtMs - nowMs, read);
	}

	/** The daemon died, or wants no more of it. */
	endedByDaemon(): void {
		this.#isLost = true;
		this.toAgent(() => this.agent.disconnected(this));
	}

	endedByAgent(): void {
		this.#isLost ||= this.#world.random() < 0.5;
		this.toDaemon(() => {});
		this.fleet.clock.after(this.#daemonReadsAtMs - this.#world.clock.monotonicMs(), () =>
			this.fleet.disconnected(this),
		);
	}
}
