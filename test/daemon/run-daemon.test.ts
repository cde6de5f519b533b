import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {daemonStatus, stopDaemon} from '../../source/backends/local/client/daemon-control.ts';
import {logPath, prepareHome} from '../../source/backends/local/home.ts';
import {startDaemon} from '../../source/backends/local/start-daemon.ts';
import type {Backend} from '../../source/core/backend.ts';
import {takeLock} from '../../source/daemon/lock.ts';
import {daemonPid, kill, type LocalEngine, localEngine, sourceProgram, until} from '../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;

beforeEach(() => {
	engine = localEngine();
});

afterEach(async () => {
	await engine.end();
});

async function runSleepers(backend: Backend): Promise<void> {
	const template = {image: 'sleep', command: ['600']};
	await backend.apply({kind: 'service', name: 'web'}, {template, replicas: 3}, {create: true});
}

test('several commands at once start one daemon', async () => {
	const backends = await Promise.all([engine.open(), engine.open(), engine.open()]);
	const lists = await Promise.all(backends.map(backend => backend.list({kind: 'node'})));
	expect(lists.map(({items}) => items.map(({name}) => name))).toEqual(Array(3).fill(['n1', 'n2', 'n3']));
	await until(
		() => engine.processes('daemon').length,
		count => count === 1,
	);
	expect(engine.processes('daemon')[0]?.pid).toBe(daemonPid(engine.home));
});

test('socket, store and folders are the owner’s only', async () => {
	await engine.open();
	const {home} = engine;
	const modes = [home.socket, home.store, home.state, home.run].map(file => statSync(file).mode & 0o777);
	expect(modes).toEqual([0o600, 0o600, 0o700, 0o700]);
});

test('a daemon that was stopped starts again with the next command only', async () => {
	const {home} = engine;
	const backend = await engine.open();
	await backend.apply({kind: 'service', name: 'web'}, {template: {image: 'sleep'}, replicas: 0}, {create: true});
	expect(await stopDaemon(home, {all: false})).toBe(true);
	expect(await daemonStatus(home)).toEqual({state: 'stopped', onPurpose: true});
	expect(await startDaemon(home, {byUser: false, program: sourceProgram})).toBe(false);
	expect(await stopDaemon(home, {all: false})).toBe(false);
	await expect(backend.list({kind: 'node'})).rejects.toMatchObject({code: 'unreachable'});
	const again = await engine.open();
	expect((await again.list({kind: 'service'})).items.map(({name}) => name)).toEqual(['web']);
	expect(existsSync(home.stopped)).toBe(false);
});

test('a damaged store is told by its name and not touched', async () => {
	const {home} = engine;
	prepareHome(home);
	const garbage = 'this is no database'.repeat(500);
	writeFileSync(home.store, garbage);
	await expect(engine.open()).rejects.toMatchObject({
		code: 'unreachable',
		message: expect.stringContaining(`${home.store} is damaged`),
	});
	expect(readFileSync(home.store, 'utf8')).toBe(garbage);
});

test.skipIf(process.getuid?.() === 0)('a home that cannot be written is named', async () => {
	mkdirSync(engine.home.root, {recursive: true});
	chmodSync(engine.home.root, 0o500);
	await expect(engine.open()).rejects.toMatchObject({
		code: 'failed',
		message: expect.stringContaining(`${engine.home.state} cannot be written: permission denied`),
	});
	chmodSync(engine.home.root, 0o700);
});

// `connect ENOTDIR` was all that a user was told.
test('a home that is a file is named', async () => {
	rmSync(engine.home.root, {recursive: true});
	writeFileSync(engine.home.root, '');
	await expect(engine.open()).rejects.toMatchObject({
		code: 'failed',
		message: `${engine.home.state} cannot be written: a part of its path is not a folder`,
	});
});

test('what a killed daemon left does not hinder the next', async () => {
	await engine.open();
	await kill(daemonPid(engine.home));
	for (const role of ['agent', 'gateway']) {
		for (const {pid} of engine.processes(role)) {
			await kill(pid);
		}
	}

	expect(existsSync(engine.home.socket)).toBe(true);
	const backend = await engine.open();
	expect((await backend.list({kind: 'node'})).items.length).toBe(3);
});

test('one that is just ending is waited for', async () => {
	const {home} = engine;
	prepareHome(home);
	const ending = takeLock(home.lock);
	const opened = engine.open();
	await until(
		() => existsSync(logPath(home, 'daemon')) && readFileSync(logPath(home, 'daemon'), 'utf8').includes('another'),
	);
	ending?.release();
	expect((await (await opened).list({kind: 'node'})).items.length).toBe(3);
});

test('a daemon of another version is told from ours', async () => {
	const {home} = engine;
	prepareHome(home);
	const foreign = createServer((_, response) => {
		response.setHeader('muster-protocol', '99');
		response.end('{}');
	});
	await new Promise<void>(resolve => {
		foreign.listen(home.socket, resolve);
	});
	try {
		await expect(engine.open()).rejects.toMatchObject({
			code: 'unreachable',
			message: 'the daemon speaks protocol 99, this muster protocol 1',
		});
	} finally {
		foreign.closeAllConnections();
		foreign.close();
	}
});

test('two homes do not meet', async () => {
	const other = localEngine();
	try {
		const [one, two] = await Promise.all([engine.open(), other.open()]);
		await one.apply({kind: 'service', name: 'web'}, {template: {image: 'sleep'}, replicas: 0}, {create: true});
		expect((await two.list({kind: 'service'})).items).toEqual([]);
	} finally {
		await other.end();
	}
});

test('a new store begins with nothing of the one before', async () => {
	const {home} = engine;
	const backend = await engine.open();
	await runSleepers(backend);
	await backend.facets.failNode?.({kind: 'node', name: 'n1'}, 500);
	await until(
		async () => (await backend.list({kind: 'instance'})).items.map(({status}) => status.state).join(),
		states => states === 'running,running,running',
	);
	await stopDaemon(home, {all: false});
	const before = engine.instanceProcesses();
	expect(before).not.toBe('');
	rmSync(home.store);
	rmSync(`${home.store}-wal`, {force: true});
	const again = await engine.open();
	expect(engine.instanceProcesses()).toBe('');
	expect((await again.list({kind: 'service'})).items).toEqual([]);
	await until(
		async () => (await again.list({kind: 'node'})).items.map(({status}) => status.state).join(),
		states => states === 'ready,ready,ready',
	);
});

test('a home that is removed takes everything with it', async () => {
	const backend = await engine.open();
	await runSleepers(backend);
	await until(() => engine.instanceProcesses() !== '');
	rmSync(engine.home.root, {recursive: true});
	await until(
		() => engine.ownProcesses().length + engine.instanceProcesses().length,
		left => left === 0,
	);
});

// The old daemon saw a home where it looked for one, and both started agents and killed those of the other.
test('of a home that is removed and used again at once the old daemon leaves the new one alone', async () => {
	const {home} = engine;
	const backend = await engine.open();
	await runSleepers(backend);
	await until(() => engine.instanceProcesses() !== '');
	backend.close();
	const daemons = () => engine.processes('daemon').map(({pid}) => pid);
	const [old] = daemons();
	rmSync(home.root, {recursive: true});
	// At once, whenever the old one looks.
	prepareHome(home);
	takeLock(home.lock)?.release();
	const again = await engine.open();
	await until(daemons, pids => pids.length === 1 && pids[0] !== old);
	expect(engine.instanceProcesses()).toBe('');
	expect(JSON.parse(readFileSync(home.daemonInfo, 'utf8'))).toMatchObject({pid: daemons()[0]});
	await until(
		async () => (await again.list({kind: 'node'})).items.map(({status}) => status.state).join(),
		states => states === 'ready,ready,ready',
	);
	expect((await (await engine.open()).list({kind: 'service'})).items).toEqual([]);
	await until(
		() => engine.ownProcesses().length,
		left => left === 5,
	);
});

// Agents' sockets stayed in the temporary folder for ever.
test('of a home whose path is too long for sockets nothing stays outside', async () => {
	await engine.end();
	engine = localEngine(`home-${'x'.repeat(120)}`);
	const {home} = engine;
	const backend = await engine.open();
	await until(() => readdirSync(home.shortRun).length === 4);
	backend.close();
	await stopDaemon(home, {all: true});
	expect(existsSync(home.shortRun)).toBe(false);
});
