import {rmSync} from 'node:fs';
import type {Socket} from 'node:net';
import {type Home, nodePaths} from '../../backends/local/home.ts';
import {type Program, startRole} from '../../backends/local/start-daemon.ts';
import type {Clock} from '../../core/clock.ts';
import type {Fleet, FleetCommand, FleetEvents, NodeIdentity} from '../../orchestrator/fleet.ts';
import type {UsageBoard} from '../figures/usage.ts';
import {AgentSessions, type AgentState} from './agent-sessions.ts';
import {clearInstances, endNode, findAgents} from './fence.ts';
import {type KeptProcess, keepProcess} from './kept-process.ts';

export type LocalFleetParts = {
	readonly home: Home;
	readonly program: Program;
	readonly clock: Clock;
	readonly usage: UsageBoard;
	readonly log: (message: string) => void;
	/** Where what the agents tell goes; asked for each time, for it is made after this. */
	readonly events: () => FleetEvents;
};

type KeptAgent = {readonly node: NodeIdentity; readonly process: KeptProcess};

/** The nodes of this machine: a process each, started, watched and fenced from here. */
export class LocalFleet implements Fleet {
	readonly #parts: LocalFleetParts;
	readonly #agents = new Map<string, KeptAgent>();
	readonly #ending = new Map<string, Promise<void>>();
	readonly sessions: AgentSessions;

	constructor(parts: LocalFleetParts) {
		this.#parts = parts;
		const {clock, usage, events, log} = parts;
		this.sessions = new AgentSessions({
			clock,
			usage,
			log,
			refusal: (nodeId, pid) => this.#refusal(nodeId, pid),
			events: {
				agentConnected: (...told) => events().agentConnected(...told),
				agentHeartbeat: (...told) => events().agentHeartbeat(...told),
				agentReported: (...told) => events().agentReported(...told),
				fenced: (...told) => events().fenced(...told),
			},
		});
	}

	/** A new connection that says it is an agent's. */
	accept(socket: Socket, head: Uint8Array): void {
		this.sessions.accept(socket, head);
	}

	send(nodeId: string, commands: readonly FleetCommand[]): void {
		this.sessions.send(nodeId, commands);
	}

	keepRunning(node: NodeIdentity): void {
		const kept = this.#agents.get(node.id);
		if (kept?.node.generation === node.generation) {
			return;
		}

		kept?.process.release();
		const {home, program, clock, log} = this.#parts;
		const process = keepProcess({
			clock,
			log: message => log(`agent ${node.name}: ${message}`),
			find: () => findAgents(home, node.name)[0],
			start: () =>
				startRole(home, program, ['agent', node.name], `agent-${node.name}`, {
					MUSTER_NODE_ID: node.id,
					MUSTER_NODE_GENERATION: String(node.generation),
				}),
		});
		this.#agents.set(node.id, {node, process});
	}

	fence(node: NodeIdentity): void {
		this.#end(node, () => {
			clearInstances(this.#parts.home, node.name);
			this.#parts.events().fenced(node.id, node.generation);
		});
	}

	release(node: NodeIdentity): void {
		this.#end(node, () => {
			rmSync(nodePaths(this.#parts.home, node.name).folder, {recursive: true, force: true});
		});
	}

	/** The daemon ends: nothing is started again; what runs goes on. */
	letGo(): void {
		for (const {process} of this.#agents.values()) {
			process.release();
		}
	}

	agentState(nodeId: string): AgentState | undefined {
		return this.sessions.state(nodeId);
	}

	#refusal(nodeId: string, pid: number): string | undefined {
		const expected = this.#agents.get(nodeId)?.process.identity;
		if (this.#ending.has(nodeId)) {
			return 'this node is being fenced';
		}

		return expected !== undefined && expected.pid !== pid ? `process ${expected.pid} is this node's agent` : undefined;
	}

	#end(node: NodeIdentity, then: () => void): void {
		this.#agents.get(node.id)?.process.release();
		this.#agents.delete(node.id);
		this.sessions.drop(node.id);
		if (this.#ending.has(node.id)) {
			return;
		}

		const {home, clock, usage, log} = this.#parts;
		usage.record(node.id, {}, clock.now());
		log(`ends node ${node.name} and all that it runs`);
		const ending = endNode(home, node.name, clock).then(() => {
			this.#ending.delete(node.id);
			then();
		});
		this.#ending.set(node.id, ending);
	}
}
