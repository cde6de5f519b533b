import type {Socket} from 'node:net';
import {type MessageStream, messageStream} from '../../backends/local/message-stream.ts';
import type {AgentMessage, DaemonToAgent} from '../../backends/local/protocol.ts';
import type {Clock} from '../../core/clock.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {FleetCommand, FleetEvents, InstanceReport} from '../../orchestrator/fleet.ts';
import type {UsageBoard} from '../figures/usage.ts';

export type AgentSessionsParts = {
	readonly clock: Clock;
	readonly usage: UsageBoard;
	readonly events: FleetEvents;
	/** Why this process may not speak for the node; undefined: it may. */
	readonly refusal: (nodeId: string, pid: number) => string | undefined;
	readonly log: (message: string) => void;
};

type Session = {
	readonly nodeId: string;
	readonly generation: number;
	readonly pid: number;
	readonly stream: MessageStream<DaemonToAgent>;
	/** Instances that the agent has told of and that have not ended. */
	readonly living: Set<string>;
	heardMs: number;
	/** Where it serves exec sessions. */
	socketPath?: string;
};

export type AgentState = {readonly pid: number; readonly silentMs: number; readonly socketPath: string | undefined};

/** The connections of the agents: at most one for each node, and what is said on them. */
export class AgentSessions {
	readonly #parts: AgentSessionsParts;
	readonly #sessions = new Map<string, Session>();

	constructor(parts: AgentSessionsParts) {
		this.#parts = parts;
	}

	accept(socket: Socket, head: Uint8Array): void {
		let session: Session | undefined;
		const stream: MessageStream<DaemonToAgent> = messageStream<AgentMessage, DaemonToAgent>(socket, head, {
			message: message => {
				if (message.type === 'hello' && session === undefined) {
					session = this.#hello(stream, message);
				} else if (session !== undefined && this.#sessions.get(session.nodeId) === session) {
					this.#take(session, message);
				}
			},
			ended: error => {
				if (session !== undefined && this.#sessions.get(session.nodeId) === session) {
					this.#sessions.delete(session.nodeId);
					this.#parts.log(`agent ${session.pid} is disconnected${error ? `: ${error.message}` : ''}`);
				}
			},
		});
	}

	send(nodeId: string, commands: readonly FleetCommand[]): void {
		this.#sessions.get(nodeId)?.stream.send({type: 'commands', commands});
	}

	/** False: the node has no agent now. */
	kill(nodeId: string, instanceId: string, signal: string): boolean {
		const session = this.#sessions.get(nodeId);
		session?.stream.send({type: 'kill', instanceId, signal});
		return session !== undefined;
	}

	/** Ends the connection, if there is one; what still arrives on it is dropped. */
	drop(nodeId: string): void {
		const session = this.#sessions.get(nodeId);
		this.#sessions.delete(nodeId);
		session?.stream.destroy();
	}

	state(nodeId: string): AgentState | undefined {
		const session = this.#sessions.get(nodeId);
		return session === undefined
			? undefined
			: {
					pid: session.pid,
					silentMs: this.#parts.clock.monotonicMs() - session.heardMs,
					socketPath: session.socketPath,
				};
	}

	/** Instances that a connected agent knows to be alive. */
	living(): ReadonlyArray<{readonly nodeId: string; readonly instanceId: string}> {
		return [...this.#sessions.values()].flatMap(({nodeId, living}) =>
			[...living].map(instanceId => ({nodeId, instanceId})),
		);
	}

	#hello(
		stream: MessageStream<DaemonToAgent>,
		{nodeId, generation, pid, reports}: Extract<AgentMessage, {type: 'hello'}>,
	): Session | undefined {
		const reason = this.#parts.refusal(nodeId, pid);
		if (reason !== undefined || !this.#isAccepted(stream, {nodeId, generation, pid, reports})) {
			this.#refuse(stream, pid, reason ?? `generation ${generation} of this node is over`);
			return undefined;
		}

		return this.#sessions.get(nodeId);
	}

	/** The session is there before the orchestrator hears of it, for that may answer with commands at once. */
	#isAccepted(
		stream: MessageStream<DaemonToAgent>,
		{nodeId, generation, pid, reports}: Omit<Extract<AgentMessage, {type: 'hello'}>, 'type'>,
	): boolean {
		const {clock, events, log} = this.#parts;
		const waiting: DaemonToAgent[] = [];
		let isWelcome = false;
		const session: Session = {
			nodeId,
			generation,
			pid,
			stream: {...stream, send: message => (isWelcome ? stream.send(message) : waiting.push(message))},
			living: new Set(),
			heardMs: clock.monotonicMs(),
		};
		const former = this.#sessions.get(nodeId);
		this.#sessions.set(nodeId, session);
		if (!events.agentConnected(nodeId, generation, reports)) {
			this.#restore(nodeId, former);
			return false;
		}

		former?.stream.destroy();
		note(session, reports);
		isWelcome = true;
		for (const message of [{type: 'welcome'} as const, ...waiting]) {
			stream.send(message);
		}

		log(`agent ${pid} is connected with ${reports.length} instances`);
		return true;
	}

	#restore(nodeId: string, former: Session | undefined): void {
		if (former === undefined) {
			this.#sessions.delete(nodeId);
		} else {
			this.#sessions.set(nodeId, former);
		}
	}

	#refuse(stream: MessageStream<DaemonToAgent>, pid: number, reason: string): void {
		this.#parts.log(`agent ${pid} is refused: ${reason}`);
		stream.send({type: 'refused', reason});
		stream.end();
	}

	#take(session: Session, message: AgentMessage): void {
		const {clock, usage, events} = this.#parts;
		const {nodeId, generation} = session;
		session.heardMs = clock.monotonicMs();
		if (message.type === 'usage') {
			usage.record(nodeId, message.usage, clock.now());
		} else if (message.type === 'serving') {
			session.socketPath = message.socketPath;
		} else if (message.type === 'reports') {
			note(session, message.reports);
			this.#orRefuse(session, events.agentReported(nodeId, generation, message.reports));
		} else {
			this.#orRefuse(session, events.agentHeartbeat(nodeId, generation));
		}
	}

	#orRefuse(session: Session, isAccepted: boolean): void {
		if (!isAccepted) {
			this.#sessions.delete(session.nodeId);
			this.#refuse(session.stream, session.pid, `generation ${session.generation} of this node is over`);
		}
	}
}

function note({living}: Session, reports: readonly InstanceReport[]): void {
	for (const {instanceId, status} of reports) {
		if (isFinal(status.state)) {
			living.delete(instanceId);
		} else {
			living.add(instanceId);
		}
	}
}
