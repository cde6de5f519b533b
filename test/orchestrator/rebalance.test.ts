import {expect, test} from 'vitest';
import {planRebalance} from '../../source/core/rebalance.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

function open(cpus = 1) {
	const clock = createManualClock();
	const {orchestrator, store} = createSimulatedCluster({seed: 5, clock});
	const turn = (ms: number) => {
		for (let passed = 0; passed < ms; passed += 20) clock.advance(20);
	};
	turn(1000);
	orchestrator.applyNode({kind: 'node', name: 'n3'}, {availability: 'cordoned', capacity: {cpus}}, {});
	orchestrator.applyService(
		{kind: 'service', name: 'web'},
		{replicas: 6, template: {image: 'exec:/bin/x', health: {test: {type: 'http', path: '/'}}, reserve: {cpus: 0.4}}},
		{create: true},
	);
	turn(10_000);
	orchestrator.applyNode({kind: 'node', name: 'n3'}, {availability: 'active'}, {});
	turn(1000);
	const running = () =>
		[...store.all('instance')].filter(({desired, status}) => desired === 'running' && status.state === 'running');
	const counts = () => ['n1', 'n2', 'n3'].map(name => running().filter(({nodeName}) => nodeName === name).length);
	const plan = () =>
		planRebalance(
			{
				now: clock.now(),
				services: [...store.all('service')],
				instances: [...store.all('instance')],
				nodes: [...store.all('node')],
			},
			[...store.all('service')],
			10,
		).moves;
	return {orchestrator, store, turn, counts, plan, running};
}

test('what was predicted is what happened, and never fewer are healthy', () => {
	const {orchestrator, store, turn, counts, plan} = open();
	expect(counts()).toEqual([3, 3, 0]);
	const moves = plan();
	expect(moves.map(({from, to}) => `${from.name}→${to.name}`).sort()).toEqual(['n1→n3', 'n2→n3']);
	orchestrator.moveInstances(moves.map(({instance}) => instance.id));
	let least = 6;
	for (let passed = 0; passed < 20_000; passed += 20) {
		turn(20);
		least = Math.min(least, store.byName('service', 'web')?.status.healthy ?? 0);
	}

	expect([counts(), least, plan()]).toEqual([[2, 2, 2], 6, []]);
	expect([...store.all('instance')].filter(({desiredReason}) => desiredReason === 'moved')).toHaveLength(2);
});

test('a move whose place is gone meanwhile is given up, once', () => {
	const {orchestrator, turn, counts, plan, running} = open();
	const ids = plan().map(({instance}) => instance.id);
	orchestrator.applyNode({kind: 'node', name: 'n3'}, {availability: 'cordoned'}, {});
	for (const name of ['n1', 'n2']) {
		orchestrator.applyNode({kind: 'node', name}, {availability: 'cordoned'}, {});
	}

	orchestrator.moveInstances(ids);
	turn(20_000);
	expect(counts()).toEqual([3, 3, 0]);
	expect(running().filter(({id}) => ids.includes(id))).toHaveLength(2);
});

// The move gave its replacement up for want of a place, the update asked for it again, both at once and for ever.
test('an update that finds no place either waits for one', () => {
	const {orchestrator, store, turn, plan} = open();
	const ids = plan().map(({instance}) => instance.id);
	for (const name of ['n1', 'n2', 'n3']) {
		orchestrator.applyNode({kind: 'node', name}, {availability: 'cordoned'}, {});
	}

	const update = {order: 'start-first', parallelism: 6} as const;
	orchestrator.applyService({kind: 'service', name: 'web'}, {update, template: {env: {A: '1'}}}, {});
	orchestrator.moveInstances(ids);
	turn(20_000);
	expect(store.byName('service', 'web')?.status.healthy).toBe(6);
	expect([...store.all('instance')].filter(({status}) => status.state === 'pending').length).toBeGreaterThan(0);
});

test('all or none: one that does not run is refused', () => {
	const {orchestrator, store, running} = open();
	const [first] = running();
	expect(() => orchestrator.moveInstances([first!.id, 'nothing'])).toThrow('Instance nothing does not run any more.');
	expect(store.get('instance', first!.id)?.moving).toBeUndefined();
});
