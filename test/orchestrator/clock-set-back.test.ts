import {expect, test} from 'vitest';
import {behaviorVariable} from '../../source/orchestrator/simulated/behavior.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

const hourMs = 3_600_000;

function open(behavior: string) {
	const clock = createManualClock();
	const cluster = createSimulatedCluster({seed: 3, clock, machine: {cpus: 4, memoryBytes: 2 ** 33}});
	const turn = (ms: number) => {
		for (let passed = 0; passed < ms; passed += 20) clock.advance(20);
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
	const restarts = () => Math.max(...instances().map(one => one.restarts));
	return {turn, apply, instances, restarts, setBack: () => clock.setWallClock(clock.now() - hourMs)};
}

// Agents go by the wall clock, the orchestrator by one that never goes back: each failure seemed to be an hour old, and its delay over.
test('what fails again and again is restarted no faster after the clock was set back', () => {
	const restartsIn = (isSetBack: boolean) => {
		const {turn, apply, restarts, setBack} = open('fail=1');
		apply({});
		turn(60_000);
		const before = restarts();
		if (isSetBack) setBack();
		turn(300_000);
		return restarts() - before;
	};
	expect(restartsIn(true)).toBeLessThanOrEqual(restartsIn(false) + 1);
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
