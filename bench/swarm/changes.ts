import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {parseEndpoint} from '../../source/backends/swarm/connection/endpoint.ts';
import {openSwarm} from '../../source/backends/swarm/open.ts';
import type {Instance, Kind} from '../../source/core/model/index.ts';
import {realClock} from '../../source/daemon/clock.ts';
import {LiveCollection} from '../../source/live/live-collection.ts';
import {type BenchRow, row} from '../result.ts';
import {type Place, until} from './place.ts';

const run = promisify(execFile);
const rounds = 5;
const kinds = ['service', 'node', 'network', 'config', 'secret', 'instance'] as const;

/**
 * From the end of docker's call to the moment at which a collection, as the dashboard has them, knows. Of tasks: from the moment
 * at which the manager tells it to who asks all the time.
 */
export async function changes(place: Place): Promise<BenchRow[]> {
	return [...(await ofObjects(place)), ...(await ofTasks(place))];
}

async function watching(place: Place, template?: string) {
	const endpoint = parseEndpoint(`unix://${place.socket}`, 'the bench');
	const backend = await openSwarm({name: 'bench', endpoints: [endpoint], nodeTemplate: template});
	const collections = new Map<Kind, LiveCollection<Kind>>(
		kinds.map(kind => [kind, new LiveCollection<Kind>({backend, query: {kind}, clock: realClock})]),
	);
	for (const [kind, collection] of collections)
		await until(`the ${kind}s are known`, () => collection.state.state === 'live', 10);
	return {
		textOf: (kind: Kind) => JSON.stringify(collections.get(kind)?.items),
		instances: () => (collections.get('instance') as unknown as LiveCollection<'instance'>).items,
		end() {
			for (const collection of collections.values()) collection.close();
			backend.close();
		},
	};
}

async function ofObjects(place: Place): Promise<BenchRow[]> {
	const known = await watching(place);
	const figures = new Map<string, number[]>();
	for (let round = 0; round < rounds; round++) {
		const mark = `mark-${round}`;
		const calls = {
			service: ['service', 'update', '-d', '--label-add', `x=${mark}`, 'web'],
			node: ['node', 'update', '--label-add', `x=${mark}`, 'node2'],
			network: ['network', 'create', '-d', 'overlay', mark],
			config: ['config', 'create', mark, '/etc/hostname'],
			secret: ['secret', 'create', mark, '/etc/hostname'],
		} as const;
		for (const [kind, args] of Object.entries(calls)) {
			place.docker(...args);
			const startedMs = performance.now();
			await until(`a ${kind} is known`, () => known.textOf(kind as Kind).includes(mark), 2);
			figures.set(kind, [...(figures.get(kind) ?? []), performance.now() - startedMs]);
		}
	}

	known.end();
	return [...figures].map(([kind, ms]) => row(`a ${kind} changed by docker is known`, ms, {limit: {atMost: 1000}}));
}

/** More than it takes until nothing is on its way any more, and the tasks are listed seldom. */
const settleMs = 6000;

/** One that starts while its service converges, and one that ends when all had been quiet: both ways of looking see the same ones. */
async function ofTasks(place: Place): Promise<BenchRow[]> {
	const ways = await Promise.all(
		[
			{text: 'no way to the nodes', template: undefined, quietMs: 10_000},
			{text: 'the nodes’ engines reached', template: `unix://${place.state}/{name}.sock`, quietMs: 1000},
		].map(async way => ({
			...way,
			known: await watching(place, way.template),
			started: [] as number[],
			ended: [] as number[],
		})),
	);
	const engine = await place.open();
	const running = (items: readonly Instance[]) =>
		items.filter(({serviceName, status}) => serviceName === 'web' && status.state === 'running');
	const told = async () => running((await engine.list({kind: 'instance'})).items);
	const allRun = (count: number) => ways.every(({known}) => running(known.instances()).length === count);
	/** From now on, of each way. */
	async function knownIn(figure: 'started' | 'ended', isSo: (items: readonly Instance[]) => boolean): Promise<void> {
		const startedMs = performance.now();
		await Promise.all(
			ways.map(async way => {
				await until('it is known', () => isSo(way.known.instances()), 2);
				way[figure].push(performance.now() - startedMs);
			}),
		);
	}

	for (let round = 0; round < 3; round++) {
		place.docker('service', 'scale', '-d', 'web=4');
		await until('a fourth runs', async () => (await told()).length === 4, 20);
		await knownIn('started', items => running(items).length === 4);
		place.docker('service', 'scale', '-d', 'web=3');
		await until('three run', () => allRun(3), 20);
		await new Promise(resolve => setTimeout(resolve, settleMs));
		const victim = (await told()).find(({nodeName}) => nodeName === 'node2');
		if (victim === undefined) throw new Error('nothing runs on node2');
		const node = ['-H', `unix://${place.state}/node2.sock`];
		const label = `label=com.docker.swarm.task.id=${victim.id}`;
		const {stdout} = await run('docker', [...node, 'ps', '-q', '--filter', label]);
		await run('docker', [...node, 'kill', stdout.trim()]);
		const isOver = (items: readonly Instance[]) => running(items).every(({id}) => id !== victim.id);
		await until('the manager tells it', async () => isOver(await told()), 20);
		await knownIn('ended', isOver);
		await until('three run', () => allRun(3), 20);
	}

	for (const {known} of ways) known.end();
	engine.close();
	return ways.flatMap(({text, quietMs, started, ended}) => [
		row(`a task that starts is known, ${text}`, started, {limit: {atMost: 1000}}),
		row(`a task that fails in a quiet swarm is known, ${text}`, ended, {limit: {atMost: quietMs}}),
	]);
}
