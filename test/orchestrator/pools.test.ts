import {expect, test} from 'vitest';
import type {Patch} from '../../source/core/backend.ts';
import {toClusterError} from '../../source/core/error.ts';
import type {PoolSpec} from '../../source/core/model/index.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

/** A cluster whose first nodes take no work: all of it is for pools. */
function open() {
	const clock = createManualClock();
	const cluster = createSimulatedCluster({seed: 3, clock, machine: {cpus: 4, memoryBytes: 2 ** 33}});
	const {orchestrator, store} = cluster;
	const turn = (ms: number) => {
		for (let passed = 0; passed < ms; passed += 20) clock.advance(20);
	};
	turn(1000);
	for (const name of ['n1', 'n2', 'n3']) {
		orchestrator.applyNode({kind: 'node', name}, {availability: 'cordoned'}, {});
	}

	const pool = (patch: Patch<PoolSpec>, create = true) =>
		orchestrator.applyPool({kind: 'pool', name: 'p'}, patch, {create});
	const scale = (replicas: number, create = false) =>
		orchestrator.applyService(
			{kind: 'service', name: 'web'},
			{replicas, template: {image: 'exec:/bin/x', reserve: {cpus: 1}}},
			{create},
		);
	const members = () =>
		[...store.all('node')]
			.filter(node => node.pool?.name === 'p')
			.map(({name, availability, instances}) => `${name} ${availability} ${instances}`)
			.sort();
	const reason = () => store.byName('pool', 'p')?.status.reason;
	return {orchestrator, store, turn, pool, scale, members, reason};
}

test('nodes come for what waits, and go when they are idle', () => {
	const {turn, pool, scale, members, reason, store} = open();
	pool({max: 3, capacity: {cpus: 1}, idleMs: 20_000, cooldownMs: 5000});
	scale(2, true);
	turn(2000);
	expect(members()).toEqual([]);
	turn(8000);
	expect(members()).toEqual(['p-1 active 1', 'p-2 active 1']);
	expect(store.byName('pool', 'p')?.status.changed?.reason).toBe('web.1 and 1 more wait for room: 2 more nodes');
	scale(5);
	turn(10_000);
	expect(members()).toEqual(['p-1 active 1', 'p-2 active 1', 'p-3 active 1']);
	expect(reason()).toBe('web.4 and 1 more wait for room: it has all 3 nodes that it may have');
	scale(1);
	turn(15_000);
	expect(members()).toHaveLength(3);
	turn(40_000);
	expect(members()).toHaveLength(1);
	expect([...store.all('instance')].filter(({status}) => status.state === 'running')).toHaveLength(1);
});

test('one that does little is emptied first, and what runs there is up elsewhere before it stops', () => {
	const {turn, pool, scale, members, store} = open();
	pool({min: 2, max: 2, capacity: {cpus: 2}, idleMs: 10_000, idleShare: 0.5, cooldownMs: 0});
	turn(3000);
	scale(2, true);
	turn(5000);
	expect(members()).toEqual(['p-1 active 1', 'p-2 active 1']);
	pool({min: 0}, false);
	let least = 2;
	for (let passed = 0; passed < 30_000; passed += 20) {
		turn(20);
		least = Math.min(least, store.byName('service', 'web')?.status.healthy ?? 0);
	}

	expect(members()).toMatchObject([expect.stringMatching(/^p-[12] active 2$/)]);
	expect(least).toBe(2);
});

test('a pool that is removed takes its nodes with it, once what they ran runs elsewhere', () => {
	const {orchestrator, turn, pool, scale, members, store} = open();
	pool({min: 2, max: 2, capacity: {cpus: 1}});
	scale(2, true);
	turn(5000);
	orchestrator.remove({kind: 'pool', name: 'p'}, {});
	turn(10_000);
	expect(members()).toEqual(['p-1 draining 1', 'p-2 draining 1']);
	orchestrator.applyNode({kind: 'node', name: 'n1'}, {availability: 'active'}, {});
	turn(10_000);
	expect(members()).toEqual([]);
	expect(store.byName('pool', 'p')).toBeUndefined();
	expect(store.byName('service', 'web')?.status.healthy).toBe(2);
});

test('what is asked of a pool is checked, and nothing is changed by what is refused', () => {
	const {pool, store} = open();
	const refusal = (run: () => unknown) => {
		try {
			run();
			return 'done';
		} catch (error) {
			return toClusterError(error).message;
		}
	};
	expect(refusal(() => pool({min: 4, max: 2}))).toBe('spec.min: must be at most max, which is 2, found 4');
	expect(refusal(() => pool({max: 1e9}))).toBe('spec.max: must be a whole number from 1 to 100, found 1000000000');
	expect(store.count('pool')).toBe(0);
	pool({max: 2});
	expect(refusal(() => pool({max: 2}))).toBe('A pool named p exists already.');
	expect(refusal(() => pool({idleShare: 2}, false))).toBe('spec.idleShare: must be a number from 0 to 1, found 2');
	expect(store.byName('pool', 'p')?.spec.idleShare).toBe(0);
});
