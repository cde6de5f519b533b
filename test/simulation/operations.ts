import type {Patch} from '../../source/core/backend.ts';
import type {Random} from '../../source/core/model/id.ts';
import type {AutoscalePolicy, NodeSpec, PoolSpec, ServiceSpec} from '../../source/core/model/index.ts';
import {between, pick} from '../../source/orchestrator/simulated/random.ts';
import {
	fileKinds,
	fileNames,
	planFiles,
	planPolicy,
	planService,
	type SimulatedService,
	volumeNames,
} from './services.ts';

/** What users ask for. `target` is a number from 0 to 1: which of those that are there then. */
export type Request =
	| {readonly type: 'create'; readonly service: SimulatedService}
	| {readonly type: 'scale'; readonly target: number; readonly replicas: number}
	| {readonly type: 'update'; readonly target: number; readonly patch: Patch<ServiceSpec>}
	| {readonly type: 'restart'; readonly target: number}
	/** To one of the versions that are kept then. */
	| {readonly type: 'roll back'; readonly target: number; readonly to: number}
	| {readonly type: 'remove'; readonly target: number}
	| {readonly type: 'node'; readonly target: number; readonly patch: Patch<NodeSpec>; readonly deadlineMs?: number}
	/** New content, of a config or secret that is there or not. */
	| {readonly type: 'file'; readonly kind: 'config' | 'secret'; readonly name: string; readonly content: string}
	| {readonly type: 'remove file'; readonly kind: 'config' | 'secret'; readonly name: string}
	/** Of the one pool that there is; it is made where there is none. */
	| {readonly type: 'pool'; readonly patch: Patch<PoolSpec>}
	| {readonly type: 'remove pool'}
	| {readonly type: 'rebalance'; readonly mostMoves: number}
	/** Requests a second for all of a service together. */
	| {readonly type: 'load'; readonly target: number; readonly requests: number}
	| {readonly type: 'autoscale'; readonly target: number; readonly policy: AutoscalePolicy | null}
	| {readonly type: 'remove volume'; readonly name: string}
	| {readonly type: 'add node'; readonly zone: string}
	| {readonly type: 'remove node'; readonly target: number}
	| {readonly type: 'fail node'; readonly target: number; readonly forMs: number};

/** What happens to processes, machine and disk. */
export type Misfortune =
	| {readonly type: 'kill daemon'}
	/** At a write or an effect: so many from now, before or after it. */
	| {readonly type: 'crash daemon'; readonly at: 'write' | 'effect'; readonly count: number; readonly isAfter: boolean}
	| {readonly type: 'stall daemon'; readonly forMs: number}
	| {readonly type: 'kill agent'; readonly target: number}
	| {readonly type: 'break connection'; readonly target: number}
	/** One that a fence did not find: of the generation before, or of a node that is down. */
	| {readonly type: 'late agent'; readonly target: number}
	| {readonly type: 'hang agent'; readonly target: number; readonly forMs: number}
	| {readonly type: 'cut power'; readonly target: number; readonly forMs: number}
	| {readonly type: 'kill instance'; readonly target: number; readonly withSupervisor: boolean}
	| {readonly type: 'kill gateway'; readonly forMs: number}
	| {readonly type: 'fill disk'; readonly forMs: number}
	/** The power of the whole machine goes: with what the disk had not been made to keep. */
	| {readonly type: 'reboot'}
	| {readonly type: 'set wall clock'; readonly byMs: number};

/** Done `afterMs` after the former one. */
export type Step = {readonly afterMs: number} & ({readonly request: Request} | {readonly misfortune: Misfortune});

const zones = ['a', 'b'];
const bursts = [
	[0, 30],
	[50, 800],
	[500, 5000],
] as const;

type Makers<T> = ReadonlyArray<readonly [weight: number, make: (random: Random) => T]>;

/** How often each comes, and how it is made. */
const requests: Makers<Request> = [
	[14, random => ({type: 'create', service: planService(random)})],
	[14, random => ({type: 'scale', target: random(), replicas: between(random, [0, 6])})],
	[9, random => ({type: 'update', target: random(), patch: planUpdate(random)})],
	[4, random => ({type: 'restart', target: random()})],
	[4, random => ({type: 'roll back', target: random(), to: random()})],
	[4, random => ({type: 'update', target: random(), patch: planHold(random)})],
	[5, random => ({type: 'remove', target: random()})],
	[12, random => planNode(random)],
	[
		8,
		random => ({
			type: 'file',
			kind: pick(random, fileKinds) ?? 'config',
			name: pick(random, fileNames) ?? 'f1',
			content: String(between(random, [1, 1000])),
		}),
	],
	[
		2,
		random => ({
			type: 'remove file',
			kind: pick(random, fileKinds) ?? 'config',
			name: pick(random, fileNames) ?? 'f1',
		}),
	],
	[5, random => ({type: 'pool', patch: planPool(random)})],
	[2, () => ({type: 'remove pool'})],
	[4, random => ({type: 'rebalance', mostMoves: between(random, [1, 4])})],
	[5, random => ({type: 'load', target: random(), requests: between(random, [0, 600])})],
	[5, random => ({type: 'autoscale', target: random(), policy: random() < 0.2 ? null : planAutoscale(random)})],
	[4, random => ({type: 'remove volume', name: pick(random, volumeNames) ?? 'v1'})],
	[2, random => ({type: 'add node', zone: pick(random, zones) ?? 'a'})],
	[3, random => ({type: 'remove node', target: random()})],
	[3, random => ({type: 'fail node', target: random(), forMs: between(random, [500, 20_000])})],
];

const misfortunes: Makers<Misfortune> = [
	[3, () => ({type: 'kill daemon'})],
	[
		10,
		random => ({
			type: 'crash daemon',
			at: random() < 0.5 ? 'write' : 'effect',
			count: between(random, [1, 12]),
			isAfter: random() < 0.5,
		}),
	],
	[3, random => ({type: 'stall daemon', forMs: between(random, [200, 9000])})],
	[7, random => ({type: 'kill agent', target: random()})],
	[3, random => ({type: 'break connection', target: random()})],
	[2, random => ({type: 'late agent', target: random()})],
	[5, random => ({type: 'hang agent', target: random(), forMs: between(random, [500, 9000])})],
	[4, random => ({type: 'cut power', target: random(), forMs: between(random, [0, 9000])})],
	[10, random => ({type: 'kill instance', target: random(), withSupervisor: random() < 0.3})],
	[4, random => ({type: 'kill gateway', forMs: between(random, pick(random, bursts) ?? bursts[0])})],
	[2, random => ({type: 'fill disk', forMs: between(random, [100, 4000])})],
	[1, () => ({type: 'reboot'})],
	[1, random => ({type: 'set wall clock', byMs: between(random, [-3000, 3000])})],
];

/** A run: services and what they read first, so that there is something to break. */
export function planSteps(random: Random): Step[] {
	const files = fileKinds.flatMap(kind =>
		fileNames.map(name => ({afterMs: 0, request: {type: 'file', kind, name, content: '0'} as const})),
	);
	const first = Array.from({length: between(random, [1, 3])}, () => ({
		afterMs: between(random, [0, 1500]),
		request: {type: 'create', service: planService(random)} as const,
	}));
	const rest = Array.from({length: between(random, [4, 24])}, () => ({
		afterMs: between(random, pick(random, bursts) ?? bursts[0]),
		...(random() < 0.55 ? {request: make(random, requests)} : {misfortune: make(random, misfortunes)}),
	}));
	const pool = random() < 0.4 ? [{afterMs: 0, request: {type: 'pool', patch: planPool(random)}}] : [];
	return [...files, ...pool, ...first, ...rest] as Step[];
}

function make<T>(random: Random, makers: Makers<T>): T {
	let roll = random() * makers.reduce((sum, [weight]) => sum + weight, 0);
	for (const [weight, maker] of makers) {
		roll -= weight;
		if (roll < 0) {
			return maker(random);
		}
	}

	throw new Error('The weights have a sum');
}

function planUpdate(random: Random): Patch<ServiceSpec> {
	const patches: Array<Patch<ServiceSpec>> = [
		{template: {env: {VERSION: String(between(random, [2, 9]))}}},
		{template: {reserve: {cpus: pick(random, [0, 0.5, 2]) ?? 0}}},
		{placement: {constraints: [`node.labels.zone${random() < 0.5 ? '==' : '!='}a`]}},
		{placement: {constraints: []}},
		{placement: {maxReplicasPerNode: between(random, [0, 2])}},
		{template: {env: {VERSION: String(between(random, [2, 9])), SIMULATE: null}}},
		{template: planFiles(random)},
		{template: {env: {VERSION: String(between(random, [2, 9]))}}, canary: between(random, [1, 2])},
		{template: {env: {SIMULATE: pick(random, ['fail=1', 'fail=0.5', 'warm-up=2s-4s']) ?? ''}}},
		{update: planPolicy(random)},
	];
	return pick(random, patches) ?? {};
}

function planPool(random: Random): Patch<PoolSpec> {
	const max = between(random, [1, 4]);
	return {
		min: between(random, [0, Math.min(2, max)]),
		max,
		labels: {zone: pick(random, zones) ?? 'a'},
		capacity: {cpus: pick(random, [1, 2, 12]) ?? 2},
		addAfterMs: between(random, [0, 3000]),
		idleMs: between(random, [1000, 15_000]),
		idleShare: random() < 0.5 ? 0 : random(),
		cooldownMs: between(random, [0, 5000]),
	};
}

function planAutoscale(random: Random): AutoscalePolicy {
	return {
		min: between(random, [1, 2]),
		max: between(random, [2, 6]),
		targets: [{metric: 'requests', value: 100}],
		upWindowMs: random() < 0.3 ? between(random, [1000, 6000]) : 0,
		downWindowMs: between(random, [0, 8000]),
		cooldownMs: between(random, [0, 5000]),
	};
}

/** What is done to an update under way. */
function planHold(random: Random): Patch<ServiceSpec> {
	return pick(random, [{paused: true}, {paused: false}, {paused: false}, {canary: 0}, {canary: 1}]) ?? {};
}

function planNode(random: Random): Request {
	const target = random();
	const roll = random();
	if (roll < 0.45) {
		const deadlineMs = random() < 0.3 ? {deadlineMs: between(random, [0, 6000])} : {};
		return {type: 'node', target, patch: {availability: 'drained'}, ...deadlineMs};
	}

	if (roll < 0.9) {
		return {type: 'node', target, patch: {availability: roll < 0.75 ? 'active' : 'cordoned', drainDeadlineAt: null}};
	}

	return {type: 'node', target, patch: {labels: {zone: pick(random, zones) ?? 'a'}}};
}
