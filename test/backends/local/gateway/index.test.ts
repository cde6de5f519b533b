import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {Agent, createServer, get} from 'node:http';
import {type AddressInfo, createServer as createPlainServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {type Home, homeOf, prepareHome} from '../../../../source/backends/local/home.ts';
import {type MessageStream, messageStream} from '../../../../source/backends/local/message-stream.ts';
import type {DaemonToGateway, GatewayMessage} from '../../../../source/backends/local/protocol.ts';
import {acceptUpgrade} from '../../../../source/backends/local/upgrade.ts';
import type {RoutingTable} from '../../../../source/orchestrator/balancer.ts';
import {Dialed, dial, freePort, listen, listenAs, until} from '../../../helpers/tcp.ts';

const program = path.join(import.meta.dirname, '../../../helpers/gateway-process.ts');

function newHome(): Home {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-gateway-'));
	onTestFinished(() => rmSync(root, {recursive: true, force: true}));
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: '/'});
	prepareHome(home);
	return home;
}

/** `files`: so many may it have open. */
function startGateway(home: Home, files?: number): ChildProcess {
	const limit = files === undefined ? '' : `ulimit -n ${files}; `;
	const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, program, 'gateway'], {
		env: {PATH: process.env.PATH, MUSTER_HOME: home.root},
		stdio: 'ignore',
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	return child;
}

/** The daemon's side of the gateway's connection. */
async function startDaemon(home: Home) {
	const heard: GatewayMessage[] = [];
	let stream: MessageStream<DaemonToGateway> | undefined;
	const server = createServer();
	server.on('upgrade', (_, socket, head) => {
		acceptUpgrade(socket as import('node:net').Socket, 'muster-gateway');
		stream = messageStream<GatewayMessage, DaemonToGateway>(socket as import('node:net').Socket, head, {
			message: message => void (message.type !== 'heartbeat' && heard.push(message)),
			ended() {},
		});
	});
	server.listen(home.socket);
	await once(server, 'listening');
	const stop = () => {
		server.close();
		stream?.destroy();
	};
	onTestFinished(stop);
	return {
		heard,
		stop,
		send: (table: RoutingTable) => stream?.send({type: 'table', table}),
		hears: async <T extends GatewayMessage['type']>(type: T) => {
			const find = () => heard.findLast(message => message.type === type);
			await until(() => find() !== undefined, `the gateway says ${type}`);
			return find() as Extract<GatewayMessage, {type: T}>;
		},
		applied: (serial: number) =>
			until(() => heard.some(message => message.type === 'applied' && message.serial === serial)),
	};
}

function table(serial: number, published: number, ...ports: number[]): RoutingTable {
	const targets = ports.map(port => ({instanceId: `i${port}`, host: '127.0.0.1', port}));
	return {serial, routes: [{serviceId: 'web-id', serviceName: 'web', host: '127.0.0.1', published, targets}]};
}

/** A gateway that leads to what answers `a`, by a daemon's table. */
async function serveA() {
	const home = newHome();
	const daemon = await startDaemon(home);
	const gateway = startGateway(home);
	await daemon.hears('hello');
	const [a, published] = [await listenAs('a'), await freePort()];
	daemon.send(table(7, published, a.port));
	await daemon.applied(7);
	return {home, daemon, gateway, published};
}

test('takes the table of the daemon, says when it is in force, and counts', async () => {
	const home = newHome();
	const daemon = await startDaemon(home);
	const gateway = startGateway(home);
	expect(await daemon.hears('hello')).toEqual({type: 'hello', pid: gateway.pid, serial: 0});
	const [a, published] = [await listenAs('a'), await freePort()];
	daemon.send(table(5, published, a.port));
	expect(await daemon.hears('applied')).toEqual({type: 'applied', serial: 5, failed: []});
	expect((await dial(published)).received).toBe('a');
	expect(await daemon.hears('stats')).toEqual({
		type: 'stats',
		services: {'web-id': {connections: 1, opened: 1}},
		instances: {[`i${a.port}`]: {connections: 1}},
	});
});

test('tells which port it cannot open, and when it can', async () => {
	const home = newHome();
	const daemon = await startDaemon(home);
	startGateway(home);
	await daemon.hears('hello');
	const {server, port} = await listen(() => {});
	daemon.send(table(1, port));
	expect((await daemon.hears('applied')).failed).toEqual([{published: port, message: 'in use by another program'}]);
	server.close();
	await until(() => daemon.heard.length === 3);
	expect(await daemon.hears('applied')).toEqual({type: 'applied', serial: 1, failed: []});
});

test('goes on while the daemon is gone, and takes whatever table a new one brings', async () => {
	const home = newHome();
	const first = await startDaemon(home);
	startGateway(home);
	await first.hears('hello');
	const [a, b, published] = [await listenAs('a'), await listenAs('b'), await freePort()];
	first.send(table(900, published, a.port));
	await first.applied(900);
	const old = await dial(published);
	first.stop();
	expect((await dial(published)).received).toBe('a');
	const second = await startDaemon(home);
	expect(await second.hears('hello')).toMatchObject({serial: 900});
	second.send(table(3, published, b.port));
	await second.applied(3);
	expect((await dial(published)).received).toBe('b');
	old.socket.write('x');
	expect(await old.read(2)).toBe('ax');
});

test('killed and started again without a daemon, it has the same ports', async () => {
	const {home, daemon, gateway: killed, published} = await serveA();
	const open = await dial(published);
	daemon.stop();
	killed.kill('SIGKILL');
	await open.over();
	startGateway(home);
	await until(async () => (await new Dialed(published).read()) === 'a');
});

test('asked to hand over, it starts another one, and nobody is refused or cut off', async () => {
	const {daemon, gateway: old, published} = await serveA();
	const open = await dial(published);
	const hasEnded = once(old, 'exit');
	const answers: string[] = [];
	let isOver = false;
	const load = Array.from({length: 8}, async () => {
		while (!isOver) {
			const client = new Dialed(published);
			answers.push((await client.read()) || (client.error ?? 'ended'));
			client.socket.destroy();
		}
	});
	old.kill('SIGUSR2');
	const hellos = () => daemon.heard.filter(message => message.type === 'hello');
	await until(() => hellos().length === 2, 'another gateway comes');
	const [, second] = hellos();
	onTestFinished(() => void process.kill(second?.pid ?? 0, 'SIGKILL'));
	expect(second).toMatchObject({serial: 7});
	expect(second?.pid).not.toBe(old.pid);
	// What was open is led on by the old one, which ends with it.
	open.socket.write('x');
	expect(await open.read(2)).toBe('ax');
	open.socket.destroy();
	expect(await hasEnded).toEqual([0, null]);
	const soFar = answers.length;
	await until(() => answers.length > soFar + 50, 'the new one serves');
	isOver = true;
	await Promise.all(load);
	expect(new Set(answers)).toEqual(new Set(['a']));
	// It listens for what comes later as for what it was handed.
	const [b, other] = [await listenAs('b'), await freePort()];
	daemon.send(table(8, other, b.port));
	await daemon.applied(8);
	expect((await dial(other)).received).toBe('b');
	expect((await dial(published)).error).toBe('ECONNREFUSED');
});

test('handing over, it sends clients that keep their connections away with an answer', async () => {
	const home = newHome();
	const daemon = await startDaemon(home);
	const old = startGateway(home);
	await daemon.hears('hello');
	const server = createServer((_, response) => void response.end('a')).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const published = await freePort();
	const [route] = table(1, published, port).routes;
	daemon.send({serial: 1, routes: route ? [{...route, http: {}}] : []});
	await daemon.applied(1);
	const agent = new Agent({keepAlive: true, maxSockets: 4});
	onTestFinished(() => agent.destroy());
	const hasEnded = once(old, 'exit');
	const statuses = new Set<number | string>();
	let isOver = false;
	const load = Array.from({length: 4}, async () => {
		while (!isOver) {
			try {
				const [response] = await once(get({port: published, host: '127.0.0.1', agent}), 'response');
				await once(response.resume(), 'end');
				statuses.add(response.statusCode);
			} catch (error) {
				statuses.add((error as Error).message);
			}
		}
	});
	await until(() => statuses.size > 0);
	old.kill('SIGUSR2');
	const hellos = () => daemon.heard.filter(message => message.type === 'hello');
	await until(() => hellos().length === 2, 'another gateway comes');
	const pid = hellos()[1]?.pid ?? 0;
	onTestFinished(() => void process.kill(pid, 'SIGKILL'));
	await hasEnded;
	isOver = true;
	await Promise.all(load);
	expect([...statuses]).toEqual([200]);
});

test('handing over, it goes on holding who waits for a service to start', async () => {
	const home = newHome();
	const daemon = await startDaemon(home);
	const old = startGateway(home);
	await daemon.hears('hello');
	const [a, published] = [await listenAs('a'), await freePort()];
	const held = (serial: number, ...ports: number[]) => {
		const {routes} = table(serial, published, ...ports);
		return {serial, routes: routes.map(route => ({...route, holds: true}))};
	};
	daemon.send(held(1));
	await daemon.applied(1);
	const client = new Dialed(published);
	await daemon.hears('demand');
	const hasEnded = once(old, 'exit');
	old.kill('SIGUSR2');
	const hellos = () => daemon.heard.filter(message => message.type === 'hello');
	await until(() => hellos().length === 2, 'another gateway comes');
	const pid = hellos()[1]?.pid ?? 0;
	onTestFinished(() => void process.kill(pid, 'SIGKILL'));
	daemon.send(held(2, a.port));
	expect(await client.read()).toBe('a');
	client.socket.destroy();
	expect(await hasEnded).toEqual([0, null]);
});

test('asked to hand over to one that cannot start, it goes on', async () => {
	const {home, daemon, gateway, published} = await serveA();
	const log = path.join(home.root, 'started');
	const script = path.join(home.root, 'muster');
	writeFileSync(script, `#!/bin/sh\necho >> '${log}'\nexit 3\n`, {mode: 0o755});
	writeFileSync(home.daemonInfo, JSON.stringify({program: {command: script, args: [script]}}));
	for (const times of [1, 2]) {
		gateway.kill('SIGUSR2');
		await until(() => existsSync(log) && readFileSync(log, 'utf8').length === times, `started ${times} times`);
		expect((await dial(published)).received).toBe('a');
	}

	expect(gateway.exitCode).toBeNull();
	expect(daemon.heard.filter(({type}) => type === 'hello')).toHaveLength(1);
});

test('a damaged table is no table', async () => {
	const home = newHome();
	writeFileSync(home.gatewayTable, '{"serial": 4, "routes": [{"host": 1}]}');
	const daemon = await startDaemon(home);
	startGateway(home);
	expect(await daemon.hears('hello')).toMatchObject({serial: 0});
});

test('starts a daemon that has been gone for a second, but not one that was stopped', async () => {
	const home = newHome();
	const started = path.join(home.state, 'daemon-started');
	writeFileSync(home.stopped, '');
	// Somebody who takes no gateway: the attempts can be counted.
	let attempts = 0;
	const refuser = createPlainServer(socket => {
		attempts++;
		socket.destroy();
	}).listen(home.socket);
	onTestFinished(() => void refuser.close());
	startGateway(home);
	// With the back-off between them these take 1.7 s.
	await until(() => attempts >= 8);
	expect(existsSync(started)).toBe(false);
	refuser.close();
	rmSync(home.stopped);
	await until(() => existsSync(started) && /^\d+\n$/.test(readFileSync(started, 'utf8')));
});

test('ends with 0 when it is told to, and when its home has gone', async () => {
	const [told, gone] = [newHome(), newHome()];
	const daemon = await startDaemon(told);
	const [first, second] = [startGateway(told), startGateway(gone)];
	await daemon.hears('hello');
	first.kill('SIGTERM');
	expect(await once(first, 'exit')).toEqual([0, null]);
	rmSync(gone.root, {recursive: true});
	if (second.exitCode === null) {
		await once(second, 'exit');
	}

	expect(second.exitCode).toBe(0);
});

// What rested with instances was kept while there was no file left to ask another one: 503, as long as the load went on.
test('with few files to open, connections that rest are given up for those that are asked for', async () => {
	const home = newHome();
	const daemon = await startDaemon(home);
	startGateway(home, 64);
	await daemon.hears('hello');
	const server = createServer((_, response) => void response.end('a')).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const published = await freePort();
	const targets = Array.from({length: 70}, (_, index) => ({instanceId: `i${index}`, host: '127.0.0.1', port}));
	daemon.send({
		serial: 1,
		routes: [{serviceId: 'web-id', serviceName: 'web', host: '127.0.0.1', published, targets, http: {}}],
	});
	await daemon.applied(1);
	const agent = new Agent({keepAlive: true, maxSockets: 14});
	onTestFinished(() => agent.destroy());
	const asked = Array.from({length: 600}, async () => {
		const [response] = await once(get({port: published, host: '127.0.0.1', agent}), 'response');
		await once(response.resume(), 'end');
		return response.statusCode;
	});
	expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
});
