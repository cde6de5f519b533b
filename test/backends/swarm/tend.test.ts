import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import type {Instance} from '../../../source/core/model/index.ts';
import {realClock} from '../../../source/daemon/clock.ts';
import type {TendOptions} from '../../../source/tender/options.ts';
import type {Outcome, TenderState} from '../../../source/tender/ports.ts';
import {tend} from '../../../source/tender/tender.ts';
import {until as untilTrue} from '../../helpers/local-engine.ts';
import {docker, liveSwarm, openFirst, whyNoSwarm} from './live-swarm.ts';

// What muster's daemon does for a swarm, on a real one, with short windows; read back through the docker command.

vi.setConfig({testTimeout: 120_000, hookTimeout: 120_000});

const reason = whyNoSwarm();

type Tender = {readonly name: string; state: TenderState | undefined; readonly logs: string[]; end(): Promise<void>};

describe.skipIf(reason !== undefined)(`a swarm that is tended${reason === undefined ? '' : ` (${reason})`}`, () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-tend-'));
	const figure = path.join(folder, 'figure');
	const quick: TendOptions = {metrics: {}, lookMs: 200, leaseMs: 3000, renewMs: 500};
	let backend: Backend;
	let tenders: Tender[] = [];
	const services: string[] = [];

	beforeAll(async () => {
		backend = await openFirst();
	});
	afterEach(async () => {
		await Promise.all(tenders.map(async one => one.end()));
		tenders = [];
		for (const name of services.splice(0)) await backend.remove({kind: 'service', name}, {}).catch(() => {});
		await until('all is gone', async () => (await docker('service', 'ls', '-q')).trim() === '');
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

	async function start(name: string, options: Partial<TendOptions> = {}): Promise<Tender> {
		const stop = new AbortController();
		const own = await openFirst();
		const tender: Tender = {
			name,
			state: undefined,
			logs: [],
			async end() {
				stop.abort();
				await running;
				own.close();
			},
		};
		const ports = {
			backend: own,
			clock: realClock,
			options: {...quick, ...options},
			holder: name,
			run,
			fetch: async () => '',
			log: (message: string) => tender.logs.push(message),
		};
		const running = tend(ports, state => (tender.state = state), stop.signal);
		tenders.push(tender);
		return tender;
	}

	function run(command: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
		return new Promise(resolve => {
			execFile('/bin/sh', ['-c', command], {env: {...process.env, ...env}}, (error, output, errors) => {
				resolve({code: error ? Number(error.code) || 1 : 0, output, errors});
			});
		});
	}

	async function create(name: string, replicas: number, more: object = {}): Promise<void> {
		services.push(name);
		await backend.apply({kind: 'service', name}, {replicas, template: {image: 'idle:1'}, ...more}, {create: true});
		await until(`${name} runs`, async () => (await running(name)).length === replicas);
	}

	async function running(name: string): Promise<readonly Instance[]> {
		const {items} = await backend.list({kind: 'instance'});
		return items.filter(({serviceName, status}) => serviceName === name && status.state === 'running');
	}

	async function inspect<T>(name: string, format: string): Promise<T> {
		return JSON.parse(await docker('service', 'inspect', name, '--format', `{{json ${format}}}`)) as T;
	}

	const replicas = (name: string) => inspect<number>(name, '.Spec.Mode.Replicated.Replicas');
	const labels = (name: string) => inspect<Record<string, string>>(name, '.Spec.Labels');
	const policy = {min: 1, max: 4, upWindowMs: 0, downWindowMs: 0, cooldownMs: 0};

	test('a figure of one’s own says how many run, within the bounds; the end of it leaves all as it is', async () => {
		writeFileSync(figure, '12');
		await create('load', 2, {autoscale: {...policy, targets: [{metric: 'metric:queue', value: 4}]}});
		expect(JSON.parse((await labels('load'))['muster.autoscale'] ?? '')).toMatchObject({min: 1, max: 4});
		const tender = await start('one', {metrics: {queue: `cat ${figure}`}});
		await until('three run', async () => (await running('load')).length === 3);
		const told = (await backend.list({kind: 'service', name: 'load'})).items[0]?.autoscale;
		expect(told).toMatchObject({scaledFrom: 2, reason: 'metric:queue 6 each of 4: 3 needed'});
		writeFileSync(figure, '100');
		await until('no more than four', () => tender.state?.autoscale.load?.reason.includes('bounded from 25') ?? false);
		expect(await replicas('load')).toBe(4);
		await tender.end();
		writeFileSync(figure, '1');
		expect(await docker('config', 'ls', '--format', '{{.Name}}')).not.toContain('muster.lease');
		expect(await replicas('load')).toBe(4);
	});

	test('memory that the nodes’ engines measure', async () => {
		await create('big', 1, {autoscale: {...policy, targets: [{metric: 'memory', value: 40_000}]}});
		await start('one');
		await until('as many run as are allowed', async () => (await running('big')).length === 4);
	});

	test('an update that was paused is not begun anew', async () => {
		writeFileSync(figure, '12');
		await create('held', 2, {
			autoscale: {...policy, targets: [{metric: 'metric:queue', value: 4}]},
			update: {failureAction: 'pause', monitorMs: 2000},
			restart: {condition: 'none'},
		});
		await backend.apply({kind: 'service', name: 'held'}, {template: {image: 'broken:1'}}, {});
		await until('it is paused', async () => (await inspect<string>('held', '.UpdateStatus.State')) === 'paused');
		const tender = await start('one', {metrics: {queue: `cat ${figure}`}});
		await until('it is told', () => tender.state?.autoscale.held?.reason === 'its update is paused');
		expect(await replicas('held')).toBe(2);
	});

	test('of several one is in charge, and the next one when that ends or is not heard of any more', async () => {
		const first = await start('first');
		await until('the first is in charge', () => first.state?.owner === 'me');
		const second = await start('second');
		await until('the second waits', () => second.state?.owner === 'first');
		await first.end();
		await until('the second is in charge', () => second.state?.owner === 'me');
		await second.end();
		// Of somebody who was killed: never renewed.
		await backend.facets.tend?.lease.write('gone', undefined);
		await expect(backend.facets.tend?.lease.write('late', undefined)).rejects.toMatchObject({code: 'conflict'});
		const third = await start('third');
		await until('the third waits', () => third.state?.owner === 'gone');
		await until('the third is in charge', () => third.state?.owner === 'me');
	});

	test('a node that comes back gets its part: as many as are moved come up before they go, and nothing else is touched', async () => {
		const {name: victim} = liveSwarm().nodes.at(-1) ?? {name: ''};
		await backend.apply({kind: 'node', name: victim}, {availability: 'drained'}, {});
		await create('wide', 6);
		const before = new Set((await running('wide')).map(({id}) => id));
		const tender = await start('one', {spread: {mostMoves: 10, settleMs: 1500}});
		await until('it looks', () => tender.state?.owner === 'me');
		await backend.apply({kind: 'node', name: victim}, {availability: 'active'}, {});
		let least = 6;
		await until('it is spread', async () => {
			const now = await running('wide');
			least = Math.min(least, now.length);
			return (
				now.length === 6 &&
				now.some(({nodeName}) => nodeName === victim) &&
				!('muster.spread' in (await labels('wide')))
			);
		});
		const after = await running('wide');
		const moves = Number(/(\d+) come up/.exec(tender.logs.join('\n'))?.[1]);
		expect(least).toBe(6);
		expect(after.filter(({id}) => before.has(id)).length).toBe(6 - moves);
		expect(await replicas('wide')).toBe(6);
	});

	test('a spread whose beginner was killed is brought to its end by whoever watches; another number that was asked since holds', async () => {
		await create('half', 3);
		await create('other', 3);
		const label = (to: number, back: number) =>
			`muster.spread=${JSON.stringify({to, back, until: Date.now() + 60_000})}`;
		const update = ['service', 'update', '-d', '-q', '--label-add'];
		await docker(...update, label(5, 3), '--replicas', '5', 'half');
		await docker(...update, label(5, 3), '--replicas', '4', 'other');
		await start('one');
		const isOver = async (name: string) => !('muster.spread' in (await labels(name)));
		await until('both are over', async () => (await isOver('half')) && (await isOver('other')));
		expect([await replicas('half'), await replicas('other')]).toEqual([3, 4]);
	});

	test('a drain that was only begun is brought to its end', async () => {
		const {name: victim} = liveSwarm().nodes.at(-1) ?? {name: ''};
		await create('moving', 3);
		const spec = {availability: 'drained', drainOrder: 'start-first'} as const;
		await backend.apply({kind: 'node', name: victim}, spec, {});
		const availability = async () =>
			(await docker('node', 'inspect', victim, '--format', '{{.Spec.Availability}}')).trim();
		expect(await availability()).toBe('pause');
		await start('one');
		await until('it is drained', async () => (await availability()) === 'drain');
		expect((await running('moving')).length).toBe(3);
		await backend.apply({kind: 'node', name: victim}, {availability: 'active'}, {});
	});

	test.skipIf(reason === undefined && liveSwarm().nodes.length > 3)(
		'a host is brought for what lacks room, and taken away when it is empty',
		async () => {
			const {name: spare, socket} = liveSwarm().nodes.at(-1) ?? {name: '', socket: ''};
			const onSpare = `docker -H unix://${socket}`;
			const ids = async () =>
				(await docker('node', 'ls', '-q', '--filter', `name=${spare}`)).trim().split('\n').filter(Boolean);
			const leave = async () => {
				await run(`${onSpare} swarm leave`, {});
				for (const id of await ids()) {
					await until(
						'the spare node has left',
						async () => (await run(`docker -H unix://${liveSwarm().nodes[0]?.socket} node rm ${id}`, {})).code === 0,
					);
				}
			};
			const join = `${onSpare} swarm join --token "$MUSTER_JOIN_TOKEN" "$MUSTER_JOIN_ADDRESS" >&2 && echo ${spare}`;
			await leave();
			try {
				const cpus =
					Number(await docker('node', 'inspect', 'self', '--format', '{{.Description.Resources.NanoCPUs}}')) / 1e9;
				await create('heavy', 2, {template: {image: 'idle:1', reserve: {cpus}}});
				const hosts = {bring: join, take: `${onSpare} swarm leave`, most: 1, waitMs: 500, idleMs: 2000, joinMs: 60_000};
				const tender = await start('one', {hosts});
				await backend.apply({kind: 'service', name: 'heavy'}, {replicas: 3}, {});
				await until('a third runs', async () => (await running('heavy')).length === 3);
				await until('it is marked', () => tender.state?.hosts?.brought.includes(spare) ?? false);
				await backend.apply({kind: 'service', name: 'heavy'}, {replicas: 0}, {});
				await until('it is taken away', async () => (await ids()).length === 0);
			} finally {
				await Promise.all(tenders.map(async one => one.end()));
				if ((await ids()).length === 0) {
					await run(join, (await backend.facets.tend?.joinWords()) ?? {});
				}
			}
		},
	);
});
