import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import type {Kind} from '../../../source/core/model/index.ts';
import {realClock} from '../../../source/daemon/clock.ts';
import {LiveCollection} from '../../../source/live/live-collection.ts';
import {until as untilTrue} from '../../helpers/local-engine.ts';
import {killingProxy} from './killing-proxy.ts';
import {docker, liveSwarm, openFirst, whyNoSwarm} from './live-swarm.ts';

// A command that is killed (SIGKILL) right after each of its writes: what it had begun goes on, or is undone.

vi.setConfig({testTimeout: 150_000, hookTimeout: 120_000});

const reason = whyNoSwarm();
const command = path.resolve(import.meta.dirname, '../../../bin/muster');

describe.skipIf(reason !== undefined)(`a muster that is killed${reason === undefined ? '' : ` (${reason})`}`, () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mk-'));
	let backend: Backend;

	beforeAll(async () => {
		backend = await openFirst();
	});
	afterEach(async () => {
		for (const name of ['a', 'b']) await backend.remove({kind: 'service', name}, {}).catch(() => {});
		await until('all is gone', async () => (await docker('service', 'ls', '-q')).trim() === '');
		await backend.remove({kind: 'config', name: 'app'}, {}).catch(() => {});
	});
	afterAll(() => {
		backend?.close();
		rmSync(folder, {recursive: true, force: true});
	});

	async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
		await untilTrue(condition, Boolean, 100_000).catch(cause => {
			throw new Error(`${what} has not come about`, {cause});
		});
	}

	/** Runs a command; answers with how many writes it made, and whether it was killed after so many. */
	async function muster(
		after: number,
		stdin: string,
		...args: readonly string[]
	): Promise<{killed: boolean; writes: number}> {
		const socket = path.join(folder, `${after}.sock`);
		const proxy = await killingProxy(socket, liveSwarm().nodes[0]?.socket ?? '', {
			after,
			kill: () => child.kill('SIGKILL'),
		});
		const child = spawn(command, args, {
			env: {
				...process.env,
				DOCKER_HOST: `unix://${socket}`,
				MUSTER_HOME: path.join(folder, 'home'),
				MUSTER_CONTEXT: 'swarm:env',
			},
			stdio: ['pipe', 'ignore', 'pipe'],
		});
		let errors = '';
		child.stderr.setEncoding('utf8').on('data', text => (errors += text));
		child.stdin.end(stdin);
		const [code, signal] = await new Promise<[number | null, string | null]>(resolve => {
			child.on('close', (...how) => resolve(how));
		});
		await proxy.end();
		if (signal === null && code !== 0) throw new Error(`muster ${args.join(' ')} ended with ${code}: ${errors}`);
		return {killed: signal === 'SIGKILL', writes: proxy.writes()};
	}

	async function create(name: string, more: object = {}): Promise<void> {
		const template = {image: 'idle:1', stopGraceMs: 1000, ...more};
		await backend.apply({kind: 'service', name}, {replicas: 2, template}, {create: true});
	}

	const configOf = async (name: string) =>
		(
			await docker(
				'service',
				'inspect',
				name,
				'--format',
				'{{range .Spec.TaskTemplate.ContainerSpec.Configs}}{{.ConfigName}}{{end}}',
			)
		).trim();

	test.for([1, 2, 3])('rotation, after write %i: the next one takes all services along', async after => {
		await backend.apply({kind: 'config', name: 'app'}, {data: {data: 'b25l'}}, {create: true});
		const configs = [{source: 'app', target: '/app', onChange: 'update'}] as const;
		for (const name of ['a', 'b']) await create(name, {configs});
		const first = await muster(after, 'two', 'config', 'rotate', 'app', '-');
		expect(first).toEqual({killed: true, writes: after});
		const second = await muster(1000, 'three', 'config', 'rotate', 'app', '-');
		expect(second.killed).toBe(false);
		expect([await configOf('a'), await configOf('b')]).toEqual(['app.v3', 'app.v3']);
		const {items} = await backend.list({kind: 'config', name: 'app'});
		expect(items.map(({version}) => version)).toEqual([3]);
	});

	test.for([1, 2])('a drain that brings the new up first, after write %i: whoever watches goes on', async after => {
		const {name: victim} = liveSwarm().nodes.at(-1) ?? {name: ''};
		for (const name of ['a', 'b']) await create(name);
		await until('all run', async () => {
			const {items} = await backend.list({kind: 'instance'});
			return items.filter(({status}) => status.state === 'running').length === 4;
		});
		const drain = ['node', 'drain', '--yes', '--start-first', '-d', victim];
		expect(await muster(after, '', ...drain)).toEqual({killed: true, writes: after});
		const collection = new LiveCollection<Kind>({backend, query: {kind: 'node'}, clock: realClock});
		const availability = async () =>
			(await docker('node', 'inspect', victim, '--format', '{{.Spec.Availability}}')).trim();
		await until('it is drained', async () => (await availability()) === 'drain');
		await until(
			'nothing is left of it',
			async () =>
				!(await docker('service', 'inspect', 'a', 'b', '--format', '{{json .Spec.Labels}}')).includes('muster.drain'),
		);
		collection.close();
		await backend.apply({kind: 'node', name: victim}, {availability: 'active'}, {});
	});

	test('and after write 2 it can be taken back: the services are as they were', async () => {
		const {name: victim} = liveSwarm().nodes.at(-1) ?? {name: ''};
		for (const name of ['a', 'b']) await create(name);
		await until('all run', async () => {
			const {items} = await backend.list({kind: 'instance'});
			return items.filter(({status}) => status.state === 'running').length === 4;
		});
		const placement = async () =>
			docker(
				'service',
				'inspect',
				'a',
				'b',
				'--format',
				'{{json .Spec.TaskTemplate.Placement.Constraints}} {{json .Spec.Labels}}',
			);
		const before = await placement();
		expect((await muster(2, '', 'node', 'drain', '--yes', '--start-first', '-d', victim)).killed).toBe(true);
		expect((await muster(1000, '', 'node', 'uncordon', victim)).killed).toBe(false);
		expect((await placement()).replaceAll('null', '[]')).toBe(before.replaceAll('null', '[]'));
		expect(
			(await docker('node', 'inspect', victim, '--format', '{{.Spec.Availability}} {{json .Spec.Labels}}')).trim(),
		).toBe('active {}');
	});
});
