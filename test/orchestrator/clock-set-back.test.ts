import {expect, test} from 'vitest';
import {behaviorVariable} from '../../source/orchestrator/simulated/behavior.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {createMemoryDisk} from '../helpers/memory-disk.ts';

const hourMs = 3_600_000;

function open(behavior: string) {
	const clock = createManualClock();
	const machine = {cpus: 4, memoryBytes: 2 ** 33};
	const cluster = createSimulatedCluster({seed: 3, clock, machine, persistence: createMemoryDisk()});
	const seen = new Set<string>();
	const turn = (ms: number) => {
		for (let passed = 0; passed < ms; passed += 20) {
			clock.advance(20);
			for (const {id} of cluster.orchestrator.store.all('instance')) seen.add(id);
		}
	};
	turn(1000);
	const template = {image: 'exec:/bin/x', env: {[behaviorVariable]: behavior}};
	const apply = (patch: object) =>
		cluster.orchestrator.applyService(
			{kind: 'service', name: 'web'},
			{template, replicas: 1, ...patch},
			{create: true},
		);
	const instances = () => [...cluster.orchestrator.store.all('instance')];
	const setBack = () => clock.setWallClock(clock.now() - hourMs);
	const setBackWithoutDaemon = () => {
		cluster.killDaemon();
		setBack();
		cluster.startDaemon();
	};
	return {cluster, clock, turn, apply, instances, seen, setBack, setBackWithoutDaemon};
}

// Agents go by the wall clock, the orchestrator by one that never goes back: each failure seemed to be an hour old, and its delay over.
test('what fails again and again is restarted no faster after the clock was set back', () => {
	const restartsIn = (what: 'nothing' | 'setBack' | 'setBackWithoutDaemon') => {
		const {turn, apply, seen, ...jumps} = open('fail=1');
		apply({});
		turn(60_000);
		const before = seen.size;
		if (what !== 'nothing') jumps[what]();
		turn(300_000);
		return seen.size - before;
	};
	const usual = restartsIn('nothing');
	expect(restartsIn('setBack')).toBeLessThanOrEqual(usual + 1);
	expect(restartsIn('setBackWithoutDaemon')).toBeLessThanOrEqual(usual + 2);
});

test('what ran when the clock was set back is told to have run as long as it did', () => {
	const {turn, apply, setBack, instances} = open('life=100s exit=1');
	apply({restart: {condition: 'none'}});
	turn(60_000);
	setBack();
	turn(60_000);
	const [{status} = expect.unreachable()] = instances();
	expect(status.state).toBe('failed');
	expect(Math.round(((status.finishedAt ?? 0) - (status.startedAt ?? 0)) / 10_000)).toBe(10);
});

// It was over at once: what could not move was ended.
test('the deadline of a drain is as far away as was asked for', () => {
	const {cluster, clock, turn, apply, instances, setBack} = open('');
	apply({placement: {constraints: ['node.hostname==n1']}});
	turn(10_000);
	setBack();
	const drain = {availability: 'drained', drainDeadlineAt: clock.now() + 60_000} as const;
	cluster.orchestrator.applyNode({kind: 'node', name: 'n1'}, drain, {});
	const runs = () => instances().some(({status}) => status.state === 'running');
	turn(50_000);
	expect(runs()).toBe(true);
	turn(20_000);
	expect(runs()).toBe(false);
});
