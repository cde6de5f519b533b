import {once} from 'node:events';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {Program} from '../../source/backends/local/start-daemon.ts';
import type {Backend} from '../../source/core/backend.ts';
import {runningVersion, upgradeDaemon} from '../../source/daemon/upgrade.ts';
import {daemonPid, kill, type LocalEngine, localEngine, sourceProgram, until} from '../helpers/local-engine.ts';
import {freePort} from '../helpers/tcp.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 120_000, hookTimeout: 100_000});

let engine: LocalEngine;
let backend: Backend;

beforeEach(async () => {
	engine = localEngine();
	backend = await engine.open();
	const template = {image: 'exec:/bin/sleep', command: ['1000']};
	await backend.apply({kind: 'service', name: 'web'}, {template, replicas: 3}, {create: true});
	await until(
		async () => (await backend.list({kind: 'service'})).items[0]?.status.running,
		running => running === 3,
		60_000,
	);
});

afterEach(async () => {
	await engine.end();
});

/** The same program, as if it were another version; `daemon`: what its daemon does. */
function otherProgram(daemon: string): Program {
	const file = path.join(engine.home.root, 'muster.ts');
	const source = (name: string) => JSON.stringify(path.resolve(import.meta.dirname, '../../source', name));
	writeFileSync(
		file,
		`if (process.argv[2] === 'daemon') {
			const {runDaemon} = await import(${source('daemon/run-daemon.ts')});
			const {ownHome} = await import(${source('backends/local/home.ts')});
			${daemon}
		} else {
			await import(${JSON.stringify(sourceProgram.args[0])});
		}`,
	);
	return {command: process.execPath, args: [file]};
}

const said: string[] = [];
const options = {
	version: '9.9.9',
	force: false,
	agents: false,
	gateway: false,
	say: (sentence: string) => void said.push(sentence),
};

test('another version takes over what runs, and not an instance is touched', async () => {
	const before = await engine.startedProcesses();
	const [gateway] = engine.processes('gateway');
	const agents = ['n1', 'n2', 'n3'].map(name => engine.processes(`agent ${name}`)[0]?.pid);
	const program = otherProgram(`process.exitCode = await runDaemon({home: ownHome(), version: '9.9.9'});`);
	expect(await upgradeDaemon(engine.home, {...options, program})).toEqual({from: '0.0.0-test', to: '9.9.9'});
	expect(runningVersion(engine.home)).toMatchObject({version: '9.9.9'});
	expect(runningVersion(engine.home)?.program.args.at(-1)).toBe(program.args[0]);
	expect((await engine.open()).engine).toBe('local 9.9.9');
	expect(engine.instanceProcesses()).toBe(before);
	expect(engine.processes('gateway')).toEqual([gateway]);
	expect(['n1', 'n2', 'n3'].map(name => engine.processes(`agent ${name}`)[0]?.pid)).toEqual(agents);
	expect((await backend.list({kind: 'instance'})).items.map(({status}) => status.state)).toEqual(
		Array(3).fill('running'),
	);
	expect(existsSync(engine.home.stopped)).toBe(false);
	// Nothing is left to do, and nothing is done.
	const pid = daemonPid(engine.home);
	expect(await upgradeDaemon(engine.home, {...options, program})).toBeUndefined();
	expect(daemonPid(engine.home)).toBe(pid);
	// Whoever starts the daemon again starts this version.
	await kill(pid);
	await until(
		() => runningVersion(engine.home)?.version,
		version => version === '9.9.9',
		20_000,
	);
});

test('the gateway is replaced and refuses nobody, and the daemon keeps the new one', async () => {
	const published = await freePort();
	const ports = [{published, target: 80, protocol: 'tcp'} as const];
	await backend.apply(
		{kind: 'service', name: 'shop'},
		{template: {image: 'nodejs'}, replicas: 1, ports},
		{create: true},
	);
	await until(async () => (await backend.list({kind: 'service'})).items.every(({status}) => status.healthy > 0));
	const [old] = engine.processes('gateway');
	const refused: string[] = [];
	let isOver = false;
	const load = (async () => {
		while (!isOver) {
			const socket = connect(published, '127.0.0.1');
			await once(socket, 'connect').catch(({code}) => refused.push(code));
			socket.destroy();
		}
	})();
	await upgradeDaemon(engine.home, {
		...options,
		version: '0.0.0-test',
		program: sourceProgram,
		force: true,
		gateway: true,
	});
	isOver = true;
	await load;
	expect(refused).toEqual([]);
	expect(said).toContain('The gateway is replaced.');
	const [gateway, ...others] = engine.processes('gateway');
	expect(others).toEqual([]);
	expect(gateway?.pid).not.toBe(old?.pid);
	// It is watched as one that the daemon has started itself.
	await kill(gateway?.pid);
	await until(() => engine.processes('gateway').some(({pid}) => pid !== gateway?.pid));
});

test.each([
	['cannot start', 'process.exit(3);'],
	['answers as another version than it is', `process.exitCode = await runDaemon({home: ownHome(), version: 'x'});`],
])('one that %s is taken back', async (_, daemon) => {
	const before = await engine.startedProcesses();
	const revision = (await backend.list({kind: 'service'})).items[0]?.id;
	await expect(
		upgradeDaemon(engine.home, {...options, program: otherProgram(daemon), timeoutMs: 3000}),
	).rejects.toMatchObject({code: 'failed', message: expect.stringContaining('0.0.0-test runs again')});
	expect(runningVersion(engine.home)?.version).toBe('0.0.0-test');
	expect((await backend.list({kind: 'service'})).items[0]?.id).toBe(revision);
	expect(engine.instanceProcesses()).toBe(before);
	expect(existsSync(engine.home.stopped)).toBe(false);
	expect(readFileSync(engine.home.store).length).toBeGreaterThan(1000);
});
