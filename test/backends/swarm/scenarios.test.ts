import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import type {Instance, Kind, Node} from '../../../source/core/model/index.ts';
import {realClock} from '../../../source/daemon/clock.ts';
import {LiveCollection} from '../../../source/live/live-collection.ts';
import {until as untilTrue} from '../../helpers/local-engine.ts';
import {control, dockerOn, liveSwarm, openNode, openWorker, type SwarmNode, whyNoSwarm} from './live-swarm.ts';

// What happens to machines, as somebody sees it who has the dashboard open: what was known stays and is marked, and all comes
// back by itself.

vi.setConfig({testTimeout: 150_000, hookTimeout: 150_000});

const reason = whyNoSwarm();
const managers = reason === undefined ? liveSwarm().nodes.filter(({role}) => role === 'manager') : [];

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
	await untilTrue(condition, Boolean, 120_000).catch(cause => {
		throw new Error(`${what} has not come about`, {cause});
	});
}

function number({name}: SwarmNode): string {
	return name.replace('node', '');
}

describe.skipIf(reason !== undefined)(`a swarm in trouble${reason === undefined ? '' : ` (${reason})`}`, () => {
	let backend: Backend;
	let open: Array<LiveCollection<Kind>> = [];
	const undo: Array<() => Promise<void>> = [];

	function watch<K extends Kind>(kind: K, on: Backend = backend): LiveCollection<K> {
		const collection = new LiveCollection<K>({backend: on, query: {kind}, clock: realClock});
		open.push(collection as unknown as LiveCollection<Kind>);
		return collection;
	}

	beforeEach(async () => {
		backend = await openNode(managers[0] as SwarmNode);
	});
	afterEach(async () => {
		for (const back of undo.splice(0)) await back();
		for (const collection of open) collection.close();
		open = [];
		await until('the swarm takes writes', async () =>
			backend.remove({kind: 'service', name: 'going'}, {}).then(
				() => true,
				error => error.code === 'not-found',
			),
		);
		await until('all nodes are ready', async () => {
			const {items} = await backend.list({kind: 'node'});
			return items.every(({status, manager}) => status.state === 'ready' && manager?.isReachable !== false);
		});
		backend.close();
	});

	/** `constraints`: where. */
	async function run(replicas: number, constraints: readonly string[] = []): Promise<LiveCollection<'instance'>> {
		const instances = watch('instance');
		const template = {image: 'idle:1'};
		await backend.apply(
			{kind: 'service', name: 'going'},
			{replicas, template, placement: {constraints}},
			{create: true},
		);
		await until('all run', () => running(instances).length === replicas);
		return instances;
	}

	function running({items}: LiveCollection<'instance'>): Instance[] {
		return items.filter(({status, serviceName}) => serviceName === 'going' && status.state === 'running');
	}

	const last = () => liveSwarm().nodes.at(-1) as SwarmNode;
	const nodeOf = ({items}: LiveCollection<'node'>, name: string): Node | undefined =>
		items.find(node => node.name === name);

	test.for([
		['loses power', 'stop', 'start'],
		['is cut off', 'cut', 'mend'],
		['is shut down in good order', 'shutdown', 'start'],
	] as const)('a node that %s is down, its work goes on elsewhere, and it comes back', async ([, away, back]) => {
		const nodes = watch('node');
		const count = liveSwarm().nodes.length * 2;
		const instances = await run(count);
		const victim = last();
		const before = running(instances).filter(({nodeName}) => nodeName === victim.name);
		expect(before.length).toBeGreaterThan(0);
		undo.push(async () => control(back, number(victim)));
		await control(away, number(victim));
		await until('it is down', () => nodeOf(nodes, victim.name)?.status.state === 'down');
		await until('its work goes on elsewhere', () => {
			const elsewhere = running(instances).filter(({nodeName}) => nodeName !== victim.name);
			return elsewhere.length === count;
		});
		const {items} = await backend.list({kind: 'instance', history: true});
		const left = items.filter(({id}) => before.some(one => one.id === id));
		expect(left.every(({desired, status}) => desired === 'stopped' && status.state !== 'running')).toBe(true);
		await undo.pop()?.();
		await until('it is ready', () => nodeOf(nodes, victim.name)?.status.state === 'ready');
		expect(instances.state.state).toBe('live');
	});

	test('a worker as context is answered through a manager, or by their names', async () => {
		const worker = liveSwarm().nodes.find(({role}) => role === 'worker') as SwarmNode;
		const {items} = await backend.list({kind: 'node'});
		const through = await openWorker(worker, true);
		expect((await through.list({kind: 'node'})).items.length).toBe(items.length);
		through.close();
		const alone = await openWorker(worker, false);
		await expect(alone.list({kind: 'node'})).rejects.toMatchObject({
			code: 'unsupported',
			message: expect.stringContaining(managers[0]?.address ?? '?'),
		});
		alone.close();
	});

	describe.skipIf(managers.length < 3)('with several managers', () => {
		async function leader(): Promise<SwarmNode> {
			const {items} = await backend.list({kind: 'node'});
			const name = items.find(({manager}) => manager?.isLeader)?.name;
			return managers.find(one => one.name === name) as SwarmNode;
		}

		test('the loss of the manager that is talked to, and leads, is got over through another', async () => {
			const first = await leader();
			backend.close();
			backend = await openNode(first);
			const instances = await run(5);
			const nodes = watch('node');
			await until('the nodes are known', () => nodes.items.length > 0);
			const seen = new Set<string>();
			nodes.subscribe(() => seen.add(nodes.state.state));
			undo.push(async () => control('start', number(first)));
			await control('stop', number(first));
			await until('another leads', () => {
				const now = nodes.items.find(({manager}) => manager?.isLeader);
				return nodes.state.state === 'live' && now !== undefined && now.name !== first.name;
			});
			expect(nodes.items.length).toBe(liveSwarm().nodes.length);
			await backend.apply({kind: 'service', name: 'going'}, {replicas: 7}, {});
			await until('it can be scaled', () => running(instances).length === 7);
			expect(seen).not.toContain('lost');
		});

		// Swarm first answers with what it knew, then not in time, then that it has no leader: through all of it what was known stays.
		test('without a majority what was known stays, is marked, and comes back by itself', async () => {
			// On nodes that stay: managers that are missed one after the other would take theirs along.
			const instances = await run(5, ['node.role==worker']);
			const nodes = watch('node');
			await until('the nodes are known', () => nodes.items.length > 0);
			const [first, second, third] = managers as [SwarmNode, SwarmNode, SwarmNode];
			const told: string[] = [];
			const counts = new Set<number>();
			const since = new Set<number>();
			instances.subscribe(() => {
				const {state} = instances;
				counts.add(running(instances).length);
				if (state.state === 'stale') since.add(state.since);
				told.push(state.state === 'stale' ? state.error.message : state.state);
			});
			for (const one of [second, third]) {
				undo.push(async () => control('start', number(one)));
				await control('stop', number(one));
			}

			await until('it is told', () => instances.state.state === 'stale');
			const write = backend.apply({kind: 'service', name: 'going'}, {replicas: 6}, {});
			await expect(write).rejects.toMatchObject({code: 'unreachable'});
			await until('it is told why', () => /has no leader/.test(told.at(-1) ?? ''));
			expect(told.filter(text => !/^live$|no leader|majority|no answer|cannot be reached/.test(text))).toEqual([]);
			const health = (await backend.facets.health?.()) ?? [];
			expect(health[0]).toMatchObject({name: 'quorum', state: 'failed'});
			expect([...counts]).toEqual([5]);
			expect(nodes.items.length).toBe(liveSwarm().nodes.length);
			// Its age is that of what is shown, however often it was tried since.
			expect(since.size).toBe(1);

			for (const back of undo.splice(0)) await back();
			await until('it is live again', () => instances.state.state === 'live' && running(instances).length === 5);
			await until('it takes changes again', async () =>
				dockerOn(first, 'service', 'scale', '-d', 'going=6').then(
					() => true,
					() => false,
				),
			);
			await until('and tells of them', () => running(instances).length === 6);
		}, 300_000);
	});
});
