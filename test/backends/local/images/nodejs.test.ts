import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {Agent, get, type IncomingMessage} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {startHttpLoad} from '../../../../bench/http-load.ts';
import {Gateway} from '../../../../source/backends/local/gateway/gateway.ts';
import {freePort, until} from '../../../helpers/tcp.ts';

const server = path.join(import.meta.dirname, '../../../../images/nodejs/server.cjs');

type Started = {child: ChildProcess; port: number};

async function start(env: Readonly<Record<string, string>> = {}): Promise<Started> {
	const port = await freePort();
	const child = spawn(process.execPath, [server], {env: {PORT: String(port), ...env}, stdio: 'ignore'});
	onTestFinished(() => void child.kill('SIGKILL'));
	return {child, port};
}

async function startReady(env: Readonly<Record<string, string>> = {}): Promise<Started> {
	const started = await start(env);
	await until(() => answers(started.port));
	return started;
}

function answers(port: number): Promise<boolean> {
	return ask(port, '/health').then(
		() => true,
		() => false,
	);
}

async function ask(port: number, asked: string, agent: Agent | false = false) {
	const [response] = (await once(get({port, host: '127.0.0.1', path: asked, agent}), 'response')) as [IncomingMessage];
	let text = '';
	for await (const chunk of response.setEncoding('utf8')) text += chunk;
	return {status: response.statusCode, connection: response.headers.connection, body: JSON.parse(text)};
}

function keepAlive(): Agent {
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	onTestFinished(() => agent.destroy());
	return agent;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
	await until(() => child.exitCode !== null || child.signalCode !== null);
	return child.exitCode;
}

test('says who it is', async () => {
	const {port, child} = await startReady({MUSTER_INSTANCE_NAME: 'web.3', MUSTER_NODE: 'n1', MUSTER_VERSION: '2'});
	const {status, body} = await ask(port, '/?any=query');
	expect(status).toBe(200);
	expect(body).toEqual({instance: 'web.3', node: 'n1', version: '2', pid: child.pid});
});

test('answers at its socket, too', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const socketPath = path.join(folder, 's');
	const {port, child} = await startReady({MUSTER_SOCKET: socketPath});
	const [response] = (await once(get({socketPath, path: '/', agent: false}), 'response')) as [IncomingMessage];
	expect((await response.toArray()).join('')).toContain(`"pid":${child.pid}`);
	const isToStop = once(child, 'exit');
	const agent = keepAlive();
	await once(get({socketPath, path: '/', agent}).end(), 'response').then(([answer]) => answer.resume());
	child.kill('SIGTERM');
	expect((await ask(port, '/')).connection).toBe('close');
	expect(child.exitCode).toBe(null);
	agent.destroy();
	expect((await isToStop)[0]).toBe(0);
});

test('does without a socket where it can have none', async () => {
	const {port} = await startReady({MUSTER_SOCKET: '/no/such/folder/s'});
	expect((await ask(port, '/')).status).toBe(200);
});

test('fails its health until told otherwise', async () => {
	const {port} = await startReady();
	expect((await ask(port, '/health')).status).toBe(200);
	await ask(port, '/fail-health?on');
	expect((await ask(port, '/health')).status).toBe(503);
	await ask(port, '/fail-health?off');
	expect((await ask(port, '/health')).status).toBe(200);
});

test('is slow for one request', async () => {
	const {port} = await startReady();
	const began = performance.now();
	expect((await ask(port, '/slow?ms=120')).status).toBe(200);
	expect(performance.now() - began).toBeGreaterThanOrEqual(118);
	expect((await ask(port, '/slow?ms=forever')).status).toBe(400);
});

test('exits with the code it is told, after the answer', async () => {
	const {child, port} = await startReady();
	expect((await ask(port, '/exit?code=300')).status).toBe(400);
	expect((await ask(port, '/exit?code=3')).body).toEqual({exit: 3});
	expect(await exitOf(child)).toBe(3);
});

test('does by its environment what it can be told', async () => {
	const {child, port} = await startReady({SLOW_MS: '100', FAIL_HEALTH_AFTER_S: '0', EXIT_AFTER_S: '1', EXIT_CODE: '4'});
	const began = performance.now();
	await ask(port, '/');
	expect(performance.now() - began).toBeGreaterThanOrEqual(98);
	expect((await ask(port, '/health')).status).toBe(503);
	expect(await exitOf(child)).toBe(4);
});

test.each([
	['no port', {PORT: ''}],
	['a setting that is no number', {SLOW_MS: 'much'}],
])('%s: exit code 2', async (_, env) => {
	expect(await exitOf((await start(env)).child)).toBe(2);
});

test('a port that is in use: exit code 1', async () => {
	const {port} = await startReady();
	expect(await exitOf((await start({PORT: String(port)})).child)).toBe(1);
});

test('told to stop, it ends when nobody is connected', async () => {
	const {child} = await startReady();
	child.kill('SIGTERM');
	expect(await exitOf(child)).toBe(0);
});

test('told to stop before it listens, it ends', async () => {
	const {child} = await start({START_DELAY_MS: '600000'});
	// Node's own reaction before the handler is there: by the signal.
	child.kill('SIGTERM');
	await exitOf(child);
	expect(child.exitCode ?? child.signalCode).toBeOneOf([0, 'SIGTERM']);
});

test('told to stop, it answers who is connected or still comes, and asks them to leave', async () => {
	const {child, port} = await startReady();
	const [old, late] = [keepAlive(), keepAlive()];
	expect((await ask(port, '/', old)).connection).toBe('keep-alive');
	child.kill('SIGTERM');
	// From a connection of its own, until the signal has arrived there.
	await until(async () => (await ask(port, '/health')).connection === 'close');
	expect(await ask(port, '/', late)).toMatchObject({status: 200, connection: 'close'});
	expect(child.exitCode).toBe(null);
	expect(await ask(port, '/', old)).toMatchObject({status: 200, connection: 'close'});
	expect(await exitOf(child)).toBe(0);
});

test('no request fails while instances behind the gateway are replaced under load', async () => {
	const gateway = new Gateway({log() {}, failedChanged() {}});
	onTestFinished(() => gateway.close());
	const published = await freePort();
	let serial = 0;
	const apply = (targets: readonly Started[]) =>
		gateway.apply({
			serial: ++serial,
			routes: [
				{
					serviceId: 'web-id',
					serviceName: 'web',
					host: '127.0.0.1',
					published,
					targets: targets.map(({port}) => ({instanceId: `i${port}`, host: '127.0.0.1', port})),
				},
			],
		});
	let running = [await startReady(), await startReady(), await startReady()];
	await apply(running);
	const load = startHttpLoad({port: published, connections: 16});
	for (let round = 0; round < 6; round++) {
		const next = await startReady();
		const [leaving, ...staying] = [...running, next];
		running = staying;
		const before = load.requests;
		await apply(running);
		leaving?.child.kill('SIGTERM');
		expect(leaving && (await exitOf(leaving.child))).toBe(0);
		await until(() => load.requests > before + 100);
	}

	const {failures, requests} = await load.stop();
	expect(failures).toEqual({});
	expect(requests).toBeGreaterThan(600);
});
