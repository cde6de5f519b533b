import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {copyIn, copyOut} from '../../../source/actions/instance/copy-files.ts';
import {stopDaemon} from '../../../source/backends/local/client/daemon-control.ts';
import {isRunning, signalProcess} from '../../../source/backends/local/system/process-identity.ts';
import {findInstanceProcesses} from '../../../source/backends/local/system/process-scan.ts';
import {localFiles} from '../../../source/cli/files/index.ts';
import type {Backend, Patch} from '../../../source/core/backend.ts';
import {instanceStates} from '../../../source/core/instance-state.ts';
import type {Instance, ServiceSpec} from '../../../source/core/model/index.ts';
import {daemonPid, kill, type LocalEngine, localEngine, sourceProgram, until} from '../../helpers/local-engine.ts';

// The local engine as a user has it: daemon, agents, gateway and instances as processes of a home of their own.

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;
let backend: Backend;

beforeEach(async () => {
	engine = localEngine();
	backend = await engine.open();
});

afterEach(async () => {
	await engine.end();
});

async function create(name: string, spec: Patch<ServiceSpec> = {}): Promise<void> {
	const template = {image: 'sleep', command: ['600'], ...spec.template};
	await backend.apply({kind: 'service', name}, {replicas: 3, ...spec, template}, {create: true});
}

/** Also while the daemon is away for a moment. */
async function instances(): Promise<readonly Instance[]> {
	return backend.list({kind: 'instance'}).then(
		({items}) => items,
		() => [],
	);
}

function running(count = 3, timeoutMs?: number): Promise<readonly Instance[]> {
	const all = (found: readonly Instance[]) => found.filter(({status}) => status.state === 'running').length === count;
	return until(instances, all, timeoutMs);
}

describe('a service', () => {
	test('is created, scaled and removed', async () => {
		await create('web');
		const found = await running();
		expect(found.map(({name}) => name).toSorted()).toEqual(['web.1', 'web.2', 'web.3']);
		expect(new Set(found.map(({nodeName}) => nodeName)).size).toBe(3);
		expect(new Set(findInstanceProcesses(engine.home.root).map(({pid}) => pid)).size).toBeGreaterThanOrEqual(3);
		await backend.apply({kind: 'service', name: 'web'}, {replicas: 1}, {});
		await until(instances, left => left.length === 1);
		await backend.remove({kind: 'service', name: 'web'}, {});
		await until(
			async () => (await backend.list({kind: 'service'})).items.length,
			count => count === 0,
		);
		expect(findInstanceProcesses(engine.home.root)).toEqual([]);
	});

	test('is told to its watchers, in the order in which it comes about', async () => {
		const {revision} = await backend.list({kind: 'instance'});
		const stop = new AbortController();
		const states: string[] = [];
		const watching = (async () => {
			for await (const change of backend.watch({kind: 'instance'}, revision, stop.signal)) {
				if (change.type === 'put' && change.object.status.state !== states.at(-1)) {
					states.push(change.object.status.state);
				}

				if (states.at(-1) === 'running') {
					stop.abort();
				}
			}
		})();
		await create('web', {replicas: 1});
		await watching;
		expect(states).toEqual(instanceStates.filter(state => states.includes(state)));
	});

	test('is known by what its instances use together', async () => {
		await create('web');
		const instances = await running();
		const {items: services} = await backend.list({kind: 'service'});
		const {signal} = new AbortController();
		await until(
			async () => (await backend.facets.usageSums?.(signal))?.services.get(services[0]?.id ?? ''),
			sum => sum?.measured === instances.length && (sum.memoryBytes ?? 0) > 0,
			15_000,
		);
	});

	test('is refused with the reason', async () => {
		await create('web', {replicas: 0, ports: [{published: 0, target: 80, protocol: 'tcp'}]});
		const {items} = await backend.list({kind: 'service'});
		const port = items[0]?.status.ports[0]?.published ?? 0;
		expect(port).toBeGreaterThanOrEqual(30_000);
		await expect(create('web')).rejects.toMatchObject({code: 'conflict'});
		await expect(create('x', {template: {image: 'no-such-program'}})).rejects.toMatchObject({code: 'not-found'});
		await expect(create('api', {ports: [{published: port, target: 80, protocol: 'tcp'}]})).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('web'),
		});
		await expect(create('x', {replicas: -1})).rejects.toMatchObject({code: 'usage'});
		expect((await backend.list({kind: 'service'})).items.length).toBe(1);
	});
});

describe('an instance', () => {
	test('gives its logs: what was there, what comes, and those of instances that come', async () => {
		const template = {image: 'sh', command: ['-c', 'echo here is $MUSTER_INSTANCE; sleep 600']};
		await create('web', {replicas: 1, template});
		const [first] = await running(1);
		const {items: services} = await backend.list({kind: 'service'});
		const stop = new AbortController();
		const lines: string[] = [];
		const reading = (async () => {
			const query = {instanceIds: [first?.id ?? ''], serviceId: services[0]?.id, follow: true};
			for await (const line of backend.facets.logs?.(query, stop.signal) ?? []) {
				lines.push(`${line.instanceName} ${line.text}`);
			}
		})();
		await until(() => lines.length === 1);
		await backend.apply({kind: 'service', name: 'web'}, {replicas: 2}, {});
		const all = await running(2);
		await until(() => lines.length === 2);
		expect(lines.toSorted()).toEqual(all.map(({id, name}) => `${name} here is ${id}`).toSorted());
		stop.abort();
		await reading;
	});

	test('is signalled', async () => {
		await create('web', {replicas: 1, restart: {condition: 'none'}});
		await running(1);
		await backend.facets.kill?.({kind: 'instance', name: 'web.1'}, 'SIGKILL');
		const [ended] = await until(instances, found => found[0]?.status.state === 'failed');
		expect(ended?.status.exitCode).toBe(137);
		await expect(backend.facets.kill?.({kind: 'instance', name: 'web.1'}, 'SIGKILL')).rejects.toMatchObject({
			code: 'conflict',
		});
	});

	test('runs a command beside it', async () => {
		await create('web', {replicas: 1});
		await running(1);
		const session = await backend.facets.exec?.(
			{kind: 'instance', name: 'web.1'},
			{command: ['sh', '-c', 'echo $MUSTER_SERVICE; cat; echo bad >&2; exit 3'], tty: false, stdin: true},
		);
		session?.write(Buffer.from('typed\n'));
		session?.end();
		const output = {stdout: '', stderr: ''};
		for await (const {stream, data} of session?.output ?? []) {
			output[stream] += Buffer.from(data).toString();
		}

		expect(output).toEqual({stdout: expect.stringContaining('typed\n'), stderr: 'bad\n'});
		expect(await session?.exit).toBe(3);
	});

	test('with a terminal is attached to', async () => {
		await create('web', {replicas: 1, template: {image: 'sh', command: [], tty: true, openStdin: true}});
		await running(1);
		const session = await backend.facets.attach?.({kind: 'instance', name: 'web.1'}, {columns: 80, rows: 24});
		session?.write(Buffer.from('echo $((6 * 7)); exit 5\n'));
		let seen = '';
		for await (const {data} of session?.output ?? []) {
			seen += Buffer.from(data).toString();
		}

		expect(seen).toContain('\n42\r\n');
		expect(await session?.exit).toBe(5);
	});
});

describe('killed', () => {
	test('the daemon: agents start it again, no instance is touched', async () => {
		await create('web');
		await running();
		const before = await engine.startedProcesses();
		const pid = daemonPid(engine.home);
		await kill(pid);
		await until(() => existsSync(engine.home.daemonInfo) && daemonPid(engine.home) !== pid, Boolean, 5000);
		await running();
		expect(engine.instanceProcesses()).toBe(before);
		await backend.apply({kind: 'service', name: 'web'}, {replicas: 4}, {});
		await running(4);
		for (const one of before.split(' ')) {
			expect(engine.instanceProcesses()).toContain(one);
		}
	});

	test('an agent: it is back and takes its instances over', async () => {
		await create('web');
		await running();
		const before = await engine.startedProcesses();
		const [agent] = engine.processes('agent n1');
		expect(agent && signalProcess(agent, 'SIGKILL')).toBe(true);
		await until(
			() => engine.processes('agent n1')[0]?.pid,
			pid => pid !== undefined && pid !== agent?.pid,
		);
		await until(
			async () => (await backend.facets.health?.())?.find(({name}) => name === 'agent n1'),
			health => health?.state === 'ok',
		);
		await running();
		expect(engine.instanceProcesses()).toBe(before);
	});

	test('the gateway: it is back', async () => {
		const [gateway] = await until(
			() => engine.processes('gateway'),
			found => found.length === 1,
		);
		expect(gateway && signalProcess(gateway, 'SIGKILL')).toBe(true);
		await until(
			() => engine.processes('gateway')[0]?.pid,
			pid => pid !== undefined && pid !== gateway?.pid,
		);
	});

	test('an instance: it is replaced', async () => {
		await create('web');
		const [victim] = await running();
		const [leader] = findInstanceProcesses(engine.home.root, new Set([victim?.id ?? '']));
		await kill(leader?.pid);
		await until(instances, found => found.length === 3 && !found.some(({id}) => id === victim?.id));
		await running();
	});
});

describe('a node', () => {
	test('that is stopped is down, fenced and replaced; its agent finds itself refused', async () => {
		await create('web');
		const before = await running();
		const [agent] = engine.processes('agent n1');
		const lost = before.filter(({nodeName}) => nodeName === 'n1');
		expect(agent && signalProcess(agent, 'SIGSTOP')).toBe(true);
		await until(
			async () => (await backend.list({kind: 'node', name: 'n1'})).items[0]?.status.state,
			state => state === 'down',
			8000,
		);
		const after = await until(instances, found => {
			const elsewhere = found.filter(({nodeName, status}) => nodeName !== 'n1' && status.state === 'running');
			return elsewhere.length === 3 && found.length === 3;
		});
		expect(agent && isRunning(agent)).toBe(false);
		expect(after.some(({id}) => lost.some(other => other.id === id))).toBe(false);
		expect(findInstanceProcesses(engine.home.root, new Set(lost.map(({id}) => id)))).toEqual([]);
	});

	test('that fails on purpose is back after its time, empty', async () => {
		await create('web');
		const before = await running();
		await backend.facets.failNode?.({kind: 'node', name: 'n2'}, 1500);
		const lost = before.filter(({nodeName}) => nodeName === 'n2').map(({id}) => id);
		await until(
			() => findInstanceProcesses(engine.home.root, new Set(lost)).length,
			count => count === 0,
		);
		await until(instances, found => {
			return found.length === 3 && found.every(({id, status}) => !lost.includes(id) && status.state === 'running');
		});
		const [node] = await until(
			async () => (await backend.list({kind: 'node', name: 'n2'})).items,
			([found]) => found?.status.state === 'ready',
		);
		expect(node?.generation).toBe(2);
	});
});

describe('stopped', () => {
	test('the daemon alone: the rest goes on, and is taken over by the next', async () => {
		await create('web');
		await running();
		const before = await engine.startedProcesses();
		const others = engine.ownProcesses().filter(({pid}) => pid !== daemonPid(engine.home));
		await stopDaemon(engine.home, {all: false});
		expect(engine.processes('daemon')).toEqual([]);
		expect(others.map(isRunning)).toEqual([true, true, true, true]);
		backend = await engine.open();
		await running();
		expect(engine.instanceProcesses()).toBe(before);
		expect(others.map(isRunning)).toEqual([true, true, true, true]);
	});

	test('everything: nothing is left, and the next start brings it back', async () => {
		await create('web');
		const before = await running();
		await stopDaemon(engine.home, {all: true, program: sourceProgram});
		expect(engine.ownProcesses()).toEqual([]);
		expect(findInstanceProcesses(engine.home.root)).toEqual([]);
		expect(existsSync(engine.home.socket)).toBe(false);
		backend = await engine.open();
		const after = await running();
		expect(after.some(({id}) => before.some(other => other.id === id))).toBe(false);
		expect(after.map(({restarts}) => restarts)).toEqual([0, 0, 0]);
	});
});

describe('files and ports of an instance', () => {
	test('files go in and out of its working folder, and connections to its port', async () => {
		await create('web', {
			replicas: 1,
			ports: [{published: 0, target: 80, protocol: 'tcp'}],
			template: {image: 'nodejs', command: []},
		} as never);
		const [instance] = await running(1);
		const ref = {kind: 'instance', id: instance?.id ?? '', name: 'web.1'} as const;
		const here = localFiles(engine.home.state);
		const files = backend.facets.files;
		if (files === undefined) throw new Error('it cannot copy files');
		writeFileSync(here.resolve('a'), 'of this machine');
		await copyIn(files, here, 'a', {instance: ref, path: 'b'});
		expect(await files.stat(ref, 'b')).toBe('file');
		expect(await copyOut(files, here, {instance: ref, path: 'b'}, 'c')).toMatchObject({files: 1});
		expect(readFileSync(here.resolve('c'), 'utf8')).toBe('of this machine');
		// It runs before it listens.
		await expect.poll(async () => (await running(1))[0]?.status.health, {timeout: 20_000}).toBe('healthy');
		const tunnel = await backend.facets.connect?.(ref, 80);
		tunnel?.write(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
		const answer = Buffer.concat(await Array.fromAsync(tunnel?.output ?? [])).toString();
		expect(answer).toMatch(/"instance":"web\.1"/);
		await expect(backend.facets.connect?.(ref, 81)).rejects.toMatchObject({
			code: 'not-found',
			message: 'web.1 has no port 81: 80 is allowed',
		});
	});
});
