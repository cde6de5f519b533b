import type {CrashPlan} from './crashes.ts';
import type {Step} from './operations.ts';
import {type Outcome, Simulation} from './simulation.ts';

/** One of everything that users ask for, and what happens to nodes: so that each write and effect there is comes up. */
export const scenario: readonly Step[] = [
	{
		afterMs: 0,
		request: {
			type: 'create',
			service: {
				spec: {
					replicas: 4,
					ports: [{published: 8080, target: 80, protocol: 'tcp'}],
					template: {image: 'exec:/bin/simulated', health: {test: {type: 'http', path: '/'}}, reserve: {cpus: 1}},
				},
			},
		},
	},
	{afterMs: 10, request: {type: 'create', service: {spec: {mode: 'global', template: {image: 'exec:/bin/simulated'}}}}},
	{
		afterMs: 10,
		request: {
			type: 'create',
			service: {
				spec: {
					mode: 'job',
					replicas: 3,
					maxConcurrent: 2,
					template: {image: 'exec:/bin/simulated', env: {SIMULATE: 'life=200ms-1s'}},
				},
			},
		},
	},
	{afterMs: 2000, request: {type: 'scale', target: 0, replicas: 6}},
	{afterMs: 1000, request: {type: 'node', target: 0.4, patch: {availability: 'drained'}}},
	{afterMs: 1500, misfortune: {type: 'kill instance', target: 0, withSupervisor: false}},
	{afterMs: 500, request: {type: 'restart', target: 0}},
	{afterMs: 500, misfortune: {type: 'kill agent', target: 0.9}},
	{afterMs: 2500, request: {type: 'node', target: 0.4, patch: {availability: 'active'}}},
	{afterMs: 100, request: {type: 'fail node', target: 0, forMs: 2000}},
	{afterMs: 1500, request: {type: 'scale', target: 0, replicas: 2}},
	{afterMs: 1500, request: {type: 'remove', target: 0.4}},
	{
		afterMs: 300,
		request: {
			type: 'update',
			target: 0,
			patch: {template: {env: {VERSION: '2'}}, canary: 1, update: {order: 'start-first'}},
		},
	},
	{afterMs: 900, request: {type: 'update', target: 0, patch: {canary: 0}}},
	{afterMs: 300, request: {type: 'roll back', target: 0, to: 0}},
	{
		afterMs: 500,
		request: {
			type: 'pool',
			patch: {min: 1, max: 2, capacity: {cpus: 4}, addAfterMs: 0, idleMs: 1000, idleShare: 0.5, cooldownMs: 0},
		},
	},
	{afterMs: 0, request: {type: 'load', target: 0, requests: 500}},
	{
		afterMs: 1000,
		request: {
			type: 'autoscale',
			target: 0,
			policy: {
				min: 1,
				max: 5,
				targets: [{metric: 'requests', value: 100}],
				upWindowMs: 0,
				downWindowMs: 1000,
				cooldownMs: 0,
			},
		},
	},
	{afterMs: 3000, request: {type: 'load', target: 0, requests: 150}},
	{afterMs: 4000, request: {type: 'rebalance', mostMoves: 2}},
	{afterMs: 1000, request: {type: 'remove pool'}},
	{afterMs: 500, request: {type: 'add node', zone: 'a'}},
	{afterMs: 3000, request: {type: 'remove', target: 0}},
];

/** Where the daemon can die in the scenario: before and after each write and each effect. */
export function crashPoints(seed: number): CrashPlan[] {
	const {writes, effects} = simulateScenario(seed);
	const points = (at: CrashPlan['at'], total: number) =>
		Array.from({length: total}, (_, index) => [
			{at, count: index + 1, isAfter: false},
			{at, count: index + 1, isAfter: true},
		]).flat();
	return [...points('write', writes), ...points('effect', effects)];
}

export function simulateScenario(seed: number, crash?: CrashPlan, print?: (line: string) => void): Outcome {
	return new Simulation({
		seed,
		steps: scenario,
		...(crash === undefined ? {} : {crash}),
		...(print === undefined ? {} : {print}),
	}).run();
}
