import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseEndpoint} from '../../source/backends/swarm/endpoint.ts';
import {openSwarm} from '../../source/backends/swarm/open.ts';
import type {Kind} from '../../source/core/model/index.ts';
import {realClock} from '../../source/daemon/clock.ts';
import {LiveCollection} from '../../source/live/live-collection.ts';
import {startSwarm, whyNoCluster} from '../../test/clusters/swarm-cluster.ts';
import {type BenchResult, type BenchRow, row} from '../result.ts';
import {countingProxy} from './counting-proxy.ts';

const root = path.resolve(import.meta.dirname, '../..');
const rounds = 15;

type Place = {readonly socket: string; readonly home: string};

/** Against docker's own command in the same minutes, on a swarm of three nodes of this machine. */
export async function bench(): Promise<BenchResult> {
	const lack = whyNoCluster();
	if (lack !== undefined) throw new Error(`no swarm can be made here: ${lack}`);
	const cluster = await startSwarm(['3'], {name: 'mbs', subnet: '10.213.90'});
	const home = mkdtempSync(path.join(tmpdir(), 'muster-bench-'));
	try {
		const {nodes} = JSON.parse(readFileSync(path.join(cluster.state, 'cluster.json'), 'utf8')) as {
			nodes: ReadonlyArray<{socket: string}>;
		};
		const place = {socket: nodes[0]?.socket ?? '', home};
		docker(place, 'service', 'create', '-q', '--no-resolve-image', '--name', 'web', '--replicas', '3', 'web:1');
		const rows = [...lists(place), ...(await starts(place)), ...(await seen(place)), await quiet(place)];
		return {
			name: 'swarm',
			unit: 'ms',
			rows,
			note: 'Three nodes on this machine. `ps` and `service ls` against twice docker’s own time and one start of Node; created and scaled with -d, until the manager says that all run.',
		};
	} finally {
		await cluster.end();
		rmSync(home, {recursive: true, force: true});
	}
}

function run(command: string, args: readonly string[], {socket, home}: Place): number {
	const env = {...process.env, DOCKER_HOST: `unix://${socket}`, MUSTER_HOME: home, MUSTER_CONTEXT: 'swarm:env'};
	const start = performance.now();
	const {status, stderr} = spawnSync(command, args, {cwd: root, env, encoding: 'utf8'});
	if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
	return performance.now() - start;
}

function docker(place: Place, ...args: readonly string[]): number {
	return run('docker', args, place);
}

function muster(place: Place, ...args: readonly string[]): number {
	return run('sh', ['bin/muster', ...args], place);
}

function lists(place: Place): BenchRow[] {
	const figures = {
		floor: [] as number[],
		dockerLs: [] as number[],
		ls: [] as number[],
		dockerPs: [] as number[],
		ps: [] as number[],
	};
	for (let round = 0; round < rounds; round++) {
		figures.floor.push(run('sh', ['bin/node', '-e', '0'], place));
		figures.dockerLs.push(docker(place, 'service', 'ls'));
		figures.ls.push(muster(place, 'service', 'ls'));
		figures.dockerPs.push(docker(place, 'service', 'ps', 'web'));
		figures.ps.push(muster(place, 'ps', 'web'));
	}

	const {floor, dockerLs, ls, dockerPs, ps} = figures;
	const ratio = (own: readonly number[], peer: readonly number[]) =>
		own.map((ms, index) => ms / (2 * (peer[index] ?? 0) + (floor[index] ?? 0)));
	const limit = {atMost: 1};
	return [
		row('node -e 0', floor),
		row('docker service ls', dockerLs),
		row('muster service ls', ls),
		row('docker service ps', dockerPs),
		row('muster ps', ps),
		row('service ls / (2 docker + node)', ratio(ls, dockerLs), {unit: 'x', limit}),
		row('ps / (2 docker + node)', ratio(ps, dockerPs), {unit: 'x', limit}),
	];
}

/** From the call to the moment at which so many run. */
async function starts(place: Place): Promise<BenchRow[]> {
	const backend = await openSwarm({name: 'bench', endpoints: [parseEndpoint(`unix://${place.socket}`, 'the bench')]});
	const count = async (name: string) => (await backend.list({kind: 'service', name})).items[0]?.status.running ?? 0;
	const timed = async (call: () => unknown, name: string, wanted: number) => {
		const start = performance.now();
		call();
		while ((await count(name)) !== wanted) await sleep(20);
		return performance.now() - start;
	};
	const figures = {
		docker30: [] as number[],
		muster30: [] as number[],
		docker100: [] as number[],
		muster100: [] as number[],
	};
	for (let round = 0; round < 3; round++) {
		const create = ['service', 'create', '-d', '-q', '--name', 'big', '--replicas', '30'];
		figures.docker30.push(await timed(() => docker(place, ...create, '--no-resolve-image', 'idle:1'), 'big', 30));
		figures.docker100.push(await timed(() => docker(place, 'service', 'scale', '-d', 'big=100'), 'big', 100));
		await gone();
		figures.muster30.push(await timed(() => muster(place, ...create, 'idle:1'), 'big', 30));
		figures.muster100.push(await timed(() => muster(place, 'service', 'scale', '-d', 'big=100'), 'big', 100));
		await gone();
	}

	async function gone(): Promise<void> {
		docker(place, 'service', 'rm', 'big');
		while ((await backend.list({kind: 'instance', history: true})).items.some(({serviceName}) => serviceName !== 'web'))
			await sleep(100);
	}

	backend.close();
	const {docker30, muster30, docker100, muster100} = figures;
	const ratio = (own: readonly number[], peer: readonly number[]) => own.map((ms, index) => ms / (peer[index] ?? 1));
	return [
		row('docker: 30 run', docker30),
		row('muster: 30 run', muster30),
		row('docker: 30 → 100 run', docker100),
		row('muster: 30 → 100 run', muster100),
		row('30: muster / docker', ratio(muster30, docker30), {unit: 'x', limit: {atMost: 1.1}}),
		row('100: muster / docker', ratio(muster100, docker100), {unit: 'x', limit: {atMost: 1.1}}),
	];
}

/** From the end of docker's call to the moment at which a collection, as the dashboard has them, knows. */
async function seen(place: Place): Promise<BenchRow[]> {
	const backend = await openSwarm({name: 'bench', endpoints: [parseEndpoint(`unix://${place.socket}`, 'the bench')]});
	const collections = new Map<Kind, LiveCollection<Kind>>();
	const kinds = ['service', 'node', 'network', 'config', 'secret'] as const;
	for (const kind of kinds) collections.set(kind, new LiveCollection<Kind>({backend, query: {kind}, clock: realClock}));
	for (const collection of collections.values()) while (collection.state.state !== 'live') await sleep(10);
	const figures = new Map<string, number[]>();
	const once = async (kind: Kind, args: readonly string[], isThere: (text: string) => boolean) => {
		docker(place, ...args);
		const start = performance.now();
		while (!isThere(JSON.stringify(collections.get(kind)?.items))) await sleep(2);
		figures.set(kind, [...(figures.get(kind) ?? []), performance.now() - start]);
	};
	for (let round = 0; round < 5; round++) {
		const mark = `mark-${round}`;
		const has = (text: string) => text.includes(mark);
		await once('service', ['service', 'update', '-d', '--label-add', `x=${mark}`, 'web'], has);
		await once('node', ['node', 'update', '--label-add', `x=${mark}`, 'node2'], has);
		await once('network', ['network', 'create', '-d', 'overlay', mark], has);
		await once('config', ['config', 'create', mark, '/etc/hostname'], has);
		await once('secret', ['secret', 'create', mark, '/etc/hostname'], has);
	}

	for (const collection of collections.values()) collection.close();
	backend.close();
	return [...figures].map(([kind, ms]) => row(`a ${kind} changed by docker is known`, ms, {limit: {atMost: 1000}}));
}

/** All that the dashboard watches, for a minute in which nothing happens. */
async function quiet({socket, home}: Place): Promise<BenchRow> {
	const proxy = await countingProxy(path.join(home, 'proxy.sock'), socket);
	const backend = await openSwarm({name: 'bench', endpoints: [parseEndpoint(`unix://${proxy.path}`, 'the bench')]});
	const kinds = ['service', 'instance', 'node', 'event'] as const;
	const open = kinds.map(kind => new LiveCollection<Kind>({backend, query: {kind}, clock: realClock}));
	await sleep(15_000);
	const before = proxy.count();
	await sleep(60_000);
	const count = proxy.count() - before;
	for (const collection of open) collection.close();
	backend.close();
	proxy.end();
	return row('requests in a quiet minute', [count], {unit: 'requests', limit: {atMost: 6}});
}
