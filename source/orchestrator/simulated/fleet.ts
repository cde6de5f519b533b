import type {Clock} from '../../core/clock.ts';
import type {Fleet, FleetCommand, FleetEvents, InstanceReport, NodeIdentity} from '../fleet.ts';
import type {Connection} from './connection.ts';
import type {SimulatedMachine} from './machine.ts';
import {between, type Range} from './random.ts';
import type {World} from './world.ts';

const pace = {
	startAgentMs: [20, 700],
	firstFenceMs: [10, 300],
	fenceAgainMs: [15, 250],
} as const satisfies Record<string, Range>;
/** That a process is still there when a fence looks again. */
const survivalChance = 0.3;

/** The fleet of one daemon: dies with it, while nodes, agents and processes go on in the machine. */
export class SimulatedFleet implements Fleet {
	/** The daemon's: what is due on it is lost when the daemon dies. */
	readonly clock: Clock;
	readonly #world: World;
	readonly #machine: SimulatedMachine;
	readonly #events: () => FleetEvents;
	readonly #kept = new Map<string, NodeIdentity>();
	readonly #connections = new Set<Connection>();
	readonly #sessions = new Map<string, Connection>();
	readonly #ending = new Set<string>();

	constructor(world: World, machine: SimulatedMachine, clock: Clock, events: () => FleetEvents) {
		this.#world = world;
		this.#machine = machine;
		this.clock = clock;
		this.#events = events;
	}

	/** The daemon died. */
	close(): void {
		for (const connection of this.#connections) {
			connection.endedByDaemon();
		}
	}

	send(nodeId: string, commands: readonly FleetCommand[]): void {
		const connection = this.#sessions.get(nodeId);
		connection?.toAgent(() => connection.agent.receive(commands));
	}

	keepRunning(node: NodeIdentity): void {
		this.#kept.set(node.id, node);
		this.#machine.nodeFor(node);
		this.#startAgent(node);
	}

	fence(node: NodeIdentity): void {
		this.#end(node, () => {
			this.#machine.node(node.id)?.clear();
			this.#events().fenced(node.id, node.generation);
		});
	}

	release(node: NodeIdentity): void {
		this.#end(node, () => this.#machine.removeNode(node.id));
	}

	connected(connection: Connection): void {
		this.#connections.add(connection);
	}

	disconnected(connection: Connection): void {
		this.#connections.delete(connection);
		if (this.#isSession(connection)) {
			this.#sessions.delete(connection.agent.node.id);
		}
	}

	agentEnded(nodeId: string): void {
		const node = this.#kept.get(nodeId);
		if (node !== undefined) {
			this.#startAgent(node);
		}
	}

	/** The session is there before the orchestrator hears of it, for that may send at once. */
	hello(connection: Connection, reports: readonly InstanceReport[]): void {
		const {node, generation} = connection.agent;
		const former = this.#sessions.get(node.id);
		this.#observe(reports);
		this.#sessions.set(node.id, connection);
		if (this.#ending.has(node.id) || !this.#events().agentConnected(node.id, generation, reports)) {
			former === undefined ? this.#sessions.delete(node.id) : this.#sessions.set(node.id, former);
			connection.toAgent(() => connection.agent.refused());
		} else if (former !== undefined) {
			this.#drop(former);
		}
	}

	heartbeat(connection: Connection): void {
		const {node, generation} = connection.agent;
		if (this.#isSession(connection)) {
			this.#orRefuse(connection, this.#events().agentHeartbeat(node.id, generation));
		}
	}

	reported(connection: Connection, reports: readonly InstanceReport[]): void {
		const {node, generation} = connection.agent;
		if (this.#isSession(connection)) {
			this.#observe(reports);
			this.#orRefuse(connection, this.#events().agentReported(node.id, generation, reports));
		}
	}

	#orRefuse(connection: Connection, isAccepted: boolean): void {
		if (!isAccepted) {
			this.#sessions.delete(connection.agent.node.id);
			connection.toAgent(() => connection.agent.refused());
		}
	}

	#observe(reports: readonly InstanceReport[]): void {
		for (const report of reports) {
			this.#world.observer.reported?.(report);
		}
	}

	#isSession(connection: Connection): boolean {
		return this.#sessions.get(connection.agent.node.id) === connection;
	}

	#drop(connection: Connection): void {
		this.#connections.delete(connection);
		connection.endedByDaemon();
	}

	#startAgent(node: NodeIdentity): void {
		this.clock.after(this.#take('startAgentMs'), () => {
			const there = this.#machine.node(node.id);
			if (this.#kept.get(node.id) === node && there !== undefined && there.agent === undefined) {
				if (!there.startAgent(node.generation)) {
					this.#startAgent(node);
				}
			}
		});
	}

	/** First the agent, so that it starts nothing more; then its processes, until none is left. */
	#end(node: NodeIdentity, then: () => void): void {
		this.#kept.delete(node.id);
		const session = this.#sessions.get(node.id);
		if (session !== undefined) {
			this.#sessions.delete(node.id);
			this.#drop(session);
		}

		if (!this.#ending.has(node.id)) {
			this.#ending.add(node.id);
			this.clock.after(this.#take('firstFenceMs'), () => this.#endStep(node, then));
		}
	}

	#endStep(node: NodeIdentity, then: () => void): void {
		const there = this.#machine.node(node.id);
		const left = [...(there?.processes ?? [])];
		there?.agentExits();
		if (left.length === 0) {
			this.#ending.delete(node.id);
			then();
			return;
		}

		for (const process of left) {
			if (this.#world.random() >= survivalChance) {
				process.kill();
			}
		}

		this.clock.after(this.#take('fenceAgainMs'), () => this.#endStep(node, then));
	}

	#take(what: keyof typeof pace): number {
		return between(this.#world.random, pace[what]);
	}
}
