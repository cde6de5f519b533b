import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type MessageStream, messageStream} from '../../../source/backends/local/message-stream.ts';
import type {AgentMessage, DaemonToAgent} from '../../../source/backends/local/protocol.ts';
import {UsageBoard} from '../../../source/daemon/figures/usage.ts';
import {AgentSessions} from '../../../source/daemon/processes/agent-sessions.ts';
import type {InstanceReport} from '../../../source/orchestrator/fleet.ts';
import {until} from '../../helpers/local-engine.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';

let folder: string;
let server: Server;
let sessions: AgentSessions;
let told: string[];
/** The generation that the orchestrator accepts. */
let generation: number;
let agentPid: number | undefined;

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-sessions-'));
	told = [];
	generation = 1;
	agentPid = undefined;
	const tell = (event: string, found: number) => {
		told.push(event);
		return found === generation;
	};
	sessions = new AgentSessions({
		clock: createManualClock(),
		usage: new UsageBoard(),
		log: () => {},
		refusal: (_, pid) => (agentPid !== undefined && agentPid !== pid ? 'another is' : undefined),
		events: {
			agentConnected(nodeId, found, reports) {
				// The orchestrator may answer before the hello has been.
				sessions.send(nodeId, [{type: 'forget', instanceId: 'old'}]);
				return tell(`hello ${nodeId} ${reports.length}`, found);
			},
			agentHeartbeat: (nodeId, found) => tell(`heartbeat ${nodeId}`, found),
			agentReported: (nodeId, found, reports) => tell(`reports ${nodeId} ${reports.length}`, found),
			fenced: () => {},
		},
	});
	server = createServer(socket => sessions.accept(socket, Buffer.alloc(0)));
	server.listen(path.join(folder, 's'));
	await once(server, 'listening');
});

afterEach(() => {
	server.close();
	rmSync(folder, {recursive: true});
});

function report(instanceId: string, state: InstanceReport['status']['state']): InstanceReport {
	return {instanceId, status: {state, at: 0, health: 'none', endpoints: []}};
}

class Agent {
	readonly heard: string[] = [];
	readonly #socket: Socket = connect(path.join(folder, 's'));
	readonly stream: MessageStream<AgentMessage> = messageStream<DaemonToAgent, AgentMessage>(
		this.#socket,
		Buffer.alloc(0),
		{message: ({type}) => this.heard.push(type), ended: () => this.heard.push('ended')},
	);

	hello(pid = 1, reports: readonly InstanceReport[] = []) {
		this.stream.send({type: 'hello', nodeId: 'n', generation: 1, pid, reports});
	}

	async hears(...expected: string[]) {
		await until(
			() => this.heard,
			heard => heard.join() === expected.join(),
			2000,
		);
	}
}

test('the welcome comes before any command, also one that was sent during the hello', async () => {
	const agent = new Agent();
	agent.hello(1, [report('a', 'running'), report('b', 'failed')]);
	await agent.hears('welcome', 'commands');
	expect(sessions.state('n')).toMatchObject({pid: 1});
	expect(sessions.living()).toEqual([{nodeId: 'n', instanceId: 'a'}]);
	agent.stream.send({type: 'reports', reports: [report('a', 'stopped')]});
	agent.stream.send({type: 'heartbeat'});
	agent.stream.send({type: 'serving', socketPath: '/s'});
	await until(() => sessions.state('n')?.socketPath === '/s');
	expect(told).toEqual(['hello n 2', 'reports n 1', 'heartbeat n']);
	expect(sessions.living()).toEqual([]);
	agent.stream.destroy();
	await until(() => sessions.state('n') === undefined);
});

test('a stale one is refused, at its hello and later', async () => {
	const agent = new Agent();
	generation = 2;
	agent.hello();
	await agent.hears('refused', 'ended');
	generation = 1;
	const later = new Agent();
	later.hello();
	await later.hears('welcome', 'commands');
	generation = 2;
	later.stream.send({type: 'heartbeat'});
	await later.hears('welcome', 'commands', 'refused', 'ended');
	expect(sessions.state('n')).toBeUndefined();
});

test('a second process of the same node is refused, and does not disturb the first', async () => {
	agentPid = 1;
	const first = new Agent();
	first.hello(1);
	await first.hears('welcome', 'commands');
	const second = new Agent();
	second.hello(2);
	await second.hears('refused', 'ended');
	expect(sessions.state('n')).toMatchObject({pid: 1});
	sessions.kill('n', 'a', 'SIGKILL');
	await first.hears('welcome', 'commands', 'kill');
});

test('a stale one that is refused does not disturb the one that is there', async () => {
	const first = new Agent();
	first.hello(1);
	await first.hears('welcome', 'commands');
	generation = 2;
	const stale = new Agent();
	stale.hello(1);
	await stale.hears('refused', 'ended');
	expect(sessions.state('n')).toMatchObject({pid: 1});
	sessions.kill('n', 'a', 'SIGKILL');
	await until(() => first.heard.includes('kill'));
});

test('an agent that comes again takes its place', async () => {
	const first = new Agent();
	first.hello();
	await first.hears('welcome', 'commands');
	const again = new Agent();
	again.hello();
	await again.hears('welcome', 'commands');
	await first.hears('welcome', 'commands', 'ended');
	expect(sessions.state('n')).toMatchObject({pid: 1});
});

test('what is not JSON ends the connection', async () => {
	const socket = connect(path.join(folder, 's'));
	socket.write('GET / HTTP/1.1\r\n\r\n');
	await once(socket, 'close');
	expect(told).toEqual([]);
});
