import {expect, test} from 'vitest';
import type {Instance} from '../../source/core/model/index.ts';
import {findTroubles} from '../../source/core/troubles/find-troubles.ts';
import {named, type Play, play} from './play.ts';

async function running(demo: Play): Promise<readonly Instance[]> {
	return (await demo.all('instance')).filter(({status}) => status.state === 'running');
}

test.each([
	[1, 1],
	[1, 3],
	[30, 2],
	[200, 12],
	[3000, 40],
])('%i instances on %i nodes', async (instances, nodes) => {
	const demo = play({instances, nodes});
	demo.clock.advance(20_000);
	expect(await demo.all('node')).toHaveLength(nodes);
	const count = (await demo.all('instance')).length;
	expect(Math.abs(count - instances)).toBeLessThanOrEqual(Math.max(3, instances * 0.1));
	const services = await demo.all('service');
	expect(new Set(services.map(({name}) => name)).size).toBe(services.length);
	for (const {name, reserved, capacity, status} of await demo.all('node')) {
		expect(status.state, name).toBe('ready');
		expect(reserved.cpus, name).toBeLessThanOrEqual(capacity.cpus);
		expect(reserved.memoryBytes, name).toBeLessThanOrEqual(capacity.memoryBytes);
	}

	demo.backend.close();
});

test('the same seed plays the same, another one another', async () => {
	const scene = async (seed: number) => {
		const demo = play({seed, changesPerSecond: 20});
		demo.clock.advance(60_000);
		return JSON.stringify([await demo.all('service'), await demo.all('instance'), await demo.all('event')]);
	};
	const [first, again, other] = [await scene(3), await scene(3), await scene(4)];
	expect(again).toBe(first);
	expect(other).not.toBe(first);
});

test('shows every kind of trouble that it is made to show', async () => {
	const demo = play();
	const seen = new Set<string>();
	for (let minute = 0; minute < 12; minute++) {
		demo.clock.advance(30_000);
		const [services, instances, nodes, events] = await Promise.all([
			demo.all('service'),
			demo.all('instance'),
			demo.all('node'),
			demo.all('event'),
		]);
		for (const {title} of findTroubles({now: demo.clock.now(), services, instances, nodes, events})) seen.add(title);
	}

	expect([...seen]).toEqual(
		expect.arrayContaining([
			'ledger-sync crashes again and again',
			'Image shop/thumbs:2.1 is missing',
			'render-gpu waits for a node',
			'The update of cart-api has stopped',
			'sessions-cache is nearly out of memory',
			'Job reindex-catalog has failed',
		]),
	);
	demo.backend.close();
});

test('goes on for long: nodes go and come, updates end, all else is well', async () => {
	const demo = play();
	let downs = 0;
	for (let second = 0; second < 1200; second += 2) {
		demo.clock.advance(2000);
		downs += (await demo.all('node')).filter(({status}) => status.state === 'down').length;
	}

	expect(downs).toBeGreaterThan(3);
	const services = await demo.all('service');
	expect(services.filter(({rollout}) => rollout?.state === 'completed').length).toBeGreaterThan(5);
	const healthy = services.reduce((sum, {status}) => sum + status.healthy, 0);
	const desired = services.reduce((sum, {status, spec}) => sum + (spec.mode === 'job' ? 0 : status.desired), 0);
	expect(healthy / desired).toBeGreaterThan(0.9);
	demo.backend.close();
}, 60_000);

test('as many changes a second as asked', async () => {
	const demo = play({changesPerSecond: 50});
	demo.clock.advance(10_000);
	const abort = new AbortController();
	let told = 0;
	const {revision} = await demo.backend.list({kind: 'instance'});
	const reading = (async () => {
		for await (const change of demo.backend.watch({kind: 'instance'}, revision, abort.signal)) {
			told += Number(change.type === 'put');
		}
	})();
	for (let second = 0; second < 20; second++) {
		demo.clock.advance(1000);
		await new Promise(resolve => setImmediate(resolve));
	}

	abort.abort();
	await reading;
	expect(told).toBeGreaterThan(700);
	expect(told).toBeLessThan(1300);
	demo.backend.close();
});

test('a killed instance is replaced', async () => {
	const demo = play();
	demo.clock.advance(2000);
	const victim = await named(demo, 'instance', 'orders-api.1');
	await demo.backend.facets.kill?.(victim, 'SIGKILL');
	demo.clock.advance(300);
	const history = (await demo.backend.list({kind: 'instance', id: victim.id, history: true})).items[0];
	expect(history?.status).toMatchObject({state: 'failed', exitCode: 137, reason: 'ended by SIGKILL'});
	demo.clock.advance(8000);
	const next = await named(demo, 'instance', 'orders-api.1');
	expect([next.status.state, next.restarts - victim.restarts]).toEqual(['running', 1]);
	await expect(demo.backend.facets.kill?.(victim, 'SIGKILL')).rejects.toThrow('does not run');
	demo.backend.close();
});

test('a failed node is left by its instances, and comes back', async () => {
	const demo = play();
	demo.clock.advance(2000);
	const node = await named(demo, 'node', 'b1');
	const before = (await running(demo)).length;
	await demo.backend.facets.failNode?.(node, 30_000);
	demo.clock.advance(10_000);
	expect((await named(demo, 'node', 'b1')).status.state).toBe('down');
	expect((await running(demo)).filter(({nodeId}) => nodeId === node.id)).toEqual([]);
	expect((await running(demo)).length).toBeGreaterThan(before * 0.95);
	demo.clock.advance(30_000);
	expect((await named(demo, 'node', 'b1')).status.state).toBe('ready');
	demo.backend.close();
});

test('figures of what runs, and of nothing else; a node uses what is on it', async () => {
	const demo = play();
	demo.clock.advance(5000);
	const instances = await demo.all('instance');
	for (const {usage, status, name} of instances) expect(usage !== undefined, name).toBe(status.state === 'running');
	const node = await named(demo, 'node', 'a1');
	const onNode = instances.filter(({nodeId}) => nodeId === node.id);
	const sum = onNode.reduce((all, {usage}) => all + (usage?.cpus ?? 0), 0);
	expect(node.usage?.cpus).toBeCloseTo(sum + 0.05, 5);
	expect(node.usage?.requestsPerSecond).toBeGreaterThan(1);
	demo.backend.close();
});

test('tells of its parts', async () => {
	const demo = play();
	const parts = await demo.backend.facets.health?.();
	expect(parts?.slice(0, 3).map(({name, state}) => `${name} ${state}`)).toEqual([
		'orchestrator ok',
		'store ok',
		'agent a1 ok',
	]);
	expect(demo.backend.facets.exec).toBeUndefined();
	demo.backend.close();
});

test('after its end nothing happens any more', () => {
	const demo = play();
	demo.clock.advance(5000);
	demo.backend.close();
	demo.clock.advance(60_000);
	expect(demo.clock.waiting).toBe(0);
});
