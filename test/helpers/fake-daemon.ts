import {createServer} from 'node:http';
import type {Socket} from 'node:net';
import type {Home} from '../../source/backends/local/home.ts';
import {type MessageStream, messageStream} from '../../source/backends/local/message-stream.ts';
import type {AgentMessage, DaemonToAgent} from '../../source/backends/local/protocol.ts';
import {acceptUpgrade} from '../../source/backends/local/upgrade.ts';
import type {InstanceStatus, Usage} from '../../source/core/model/index.ts';
import type {FleetCommand, InstanceReport} from '../../source/orchestrator/fleet.ts';

type Hello = Extract<AgentMessage, {type: 'hello'}>;

/** The daemon's side of an agent's connection, and nothing else of a daemon. */
export type FakeDaemon = {
	/** A hello of a lower generation is refused. */
	generation: number;
	/** False: neither welcomes nor refuses. */
	answers: boolean;
	readonly hellos: readonly Hello[];
	/** Every report of each instance, in order. */
	readonly history: ReadonlyMap<string, readonly InstanceStatus[]>;
	readonly usage: ReadonlyMap<string, Usage>;
	readonly heartbeats: number;
	readonly servingAt: string | undefined;
	/** Connected and welcomed. */
	readonly isLinked: boolean;
	status(id: string): InstanceStatus | undefined;
	send(...commands: FleetCommand[]): void;
	kill(instanceId: string, signal: string): void;
	/** Welcomes the last who said hello and got no answer. */
	welcome(): void;
	/** Drops the connection. */
	drop(): void;
	close(): Promise<void>;
};

export async function fakeDaemon(home: Home): Promise<FakeDaemon> {
	const hellos: Hello[] = [];
	const history = new Map<string, InstanceStatus[]>();
	const usage = new Map<string, Usage>();
	const sockets = new Set<Socket>();
	let stream: MessageStream<DaemonToAgent> | undefined;
	let unanswered: MessageStream<DaemonToAgent> | undefined;
	let heartbeats = 0;
	let servingAt: string | undefined;

	const record = (reports: readonly InstanceReport[]) => {
		for (const {instanceId, status} of reports) {
			history.set(instanceId, [...(history.get(instanceId) ?? []), status]);
		}
	};

	const server = createServer((_, response) => response.writeHead(404).end());
	server.on('upgrade', (request, socket, head) => {
		sockets.add(socket as Socket);
		socket.once('close', () => sockets.delete(socket as Socket));
		acceptUpgrade(socket as Socket, 'muster-agent');
		const own: MessageStream<DaemonToAgent> = messageStream<AgentMessage, DaemonToAgent>(socket as Socket, head, {
			message(message) {
				switch (message.type) {
					case 'hello':
						hellos.push(message);
						record(message.reports);
						if (!daemon.answers) {
							unanswered = own;
							break;
						}

						if (message.generation < daemon.generation) {
							own.send({type: 'refused', reason: 'stale'});
							break;
						}

						stream = own;
						own.send({type: 'welcome'});
						break;
					case 'reports':
						record(message.reports);
						break;
					case 'heartbeat':
						heartbeats++;
						break;
					case 'usage':
						for (const [id, figures] of Object.entries(message.usage)) usage.set(id, figures);
						break;
					case 'serving':
						servingAt = message.socketPath;
				}
			},
			ended() {
				if (stream === own) stream = undefined;
			},
		});
		request.resume();
	});
	await new Promise<void>(resolve => server.listen(home.socket, resolve));

	const daemon: FakeDaemon = {
		generation: 1,
		answers: true,
		hellos,
		history,
		usage,
		get heartbeats() {
			return heartbeats;
		},
		get servingAt() {
			return servingAt;
		},
		get isLinked() {
			return stream !== undefined;
		},
		status: id => history.get(id)?.at(-1),
		send(...commands) {
			stream?.send({type: 'commands', commands});
		},
		kill(instanceId, signal) {
			stream?.send({type: 'kill', instanceId, signal});
		},
		welcome() {
			stream = unanswered;
			stream?.send({type: 'welcome'});
		},
		drop() {
			for (const socket of sockets) socket.destroy();
			stream = undefined;
		},
		async close() {
			this.drop();
			await new Promise<void>(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		},
	};
	return daemon;
}
