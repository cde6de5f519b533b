import type {Patch} from '../../source/core/backend.ts';
import type {Random} from '../../source/core/model/id.ts';
import type {Mount, Service, ServiceSpec, ServiceVersion, UpdatePolicy} from '../../source/core/model/index.ts';
import {behaviorVariable} from '../../source/orchestrator/simulated/behavior.ts';
import {between, pick} from '../../source/orchestrator/simulated/random.ts';

export type SimulatedService = {readonly spec: Patch<ServiceSpec>};

/** How processes behave. Those of the first line come to rest once no more misfortune is added. */
const mild = [
	'',
	'',
	'',
	'',
	'fail=0.3',
	'sicken=0.3',
	'stop=never',
	'stop=1s-2s',
	'warm-up=2s-4s',
	'fail=0.2 sicken=0.2',
];
const hopeless = [
	'fail=1',
	'reject=1',
	'life=500ms-3s',
	'life=1s-4s exit=3',
	'sicken=0.3 reject=0.3 fail=0.5 life=2s-9s',
];
/** With what updates may bring. */
const doomed = [...hopeless, 'fail=0.5'];

/** Services that go on ending by their own doing; those whose update is held go on with what they were made from before. */
export function isHopeless({spec, rollout}: Service, kept: ReadonlyArray<Pick<ServiceVersion, 'spec'>>): boolean {
	const {mode, restart} = spec;
	const made = rollout?.state === 'paused' ? [{spec}, ...kept] : [{spec}];
	const isDoomed = made.some(({spec: {template}}) => doomed.includes(template.env[behaviorVariable] ?? ''));
	const isRestarted = restart.condition === 'any' || (mode === 'job' && restart.condition === 'on-failure');
	return isDoomed || !isRestarted || restart.maxAttempts > 0;
}

export function planService(random: Random): SimulatedService {
	const roll = random();
	const mode = roll < 0.65 ? 'replicated' : roll < 0.8 ? 'global' : 'job';
	const behavior = random() < 0.12 ? pick(random, hopeless) : pick(random, mild);
	const life = mode === 'job' ? ` life=${pick(random, ['300ms-2s', '1s-8s'])}` : '';
	const hasHealth = mode !== 'job' && random() < 0.7;
	const ports =
		mode !== 'job' && random() < 0.6
			? [{published: between(random, [8000, 8400]), target: 80, protocol: 'tcp' as const}]
			: [];
	const spec: Patch<ServiceSpec> = {
		mode,
		replicas: mode === 'global' ? 0 : between(random, [1, 5]),
		maxConcurrent: mode === 'job' ? between(random, [0, 2]) : 0,
		ports,
		template: {
			image: random() < 0.3 ? 'docker:simulated' : 'exec:/bin/simulated',
			env: {[behaviorVariable]: `${behavior}${hopeless.includes(behavior ?? '') ? '' : life}`.trim()},
			stopGraceMs: between(random, [300, 3000]),
			...(random() < 0.4 ? planFiles(random) : {}),
			...(random() < 0.25 ? {mounts: planMounts(random)} : {}),
			...(hasHealth ? {health: {test: {type: 'http', path: '/'}}} : {}),
			...(random() < 0.4 ? {reserve: {cpus: pick(random, [0.5, 1, 2, 3]) ?? 1, memoryBytes: 2 ** 20}} : {}),
		},
		...planPolicies(random),
	};
	return {spec};
}

export const fileKinds = ['config', 'secret'] as const;
export const fileNames = ['f1', 'f2'] as const;

export const volumeNames = ['v1', 'v2'] as const;

function planMounts(random: Random): readonly Mount[] {
	const perSlot = random() < 0.3 ? {perSlot: true} : {};
	return [{type: 'volume', source: pick(random, volumeNames) ?? 'v1', target: '/data', ...perSlot}];
}

/** What a service reads: sometimes followed by updates, sometimes told of by a signal, sometimes nothing. */
export function planFiles(random: Random): Patch<ServiceSpec['template']> {
	const file = () => ({
		source: pick(random, fileNames) ?? 'f1',
		...(random() < 0.4 ? {onChange: random() < 0.5 ? ('SIGHUP' as const) : ('none' as const)} : {}),
	});
	return {configs: random() < 0.6 ? [file()] : [], secrets: random() < 0.5 ? [file()] : []};
}

function planPolicies(random: Random): Patch<ServiceSpec> {
	const constraints =
		random() < 0.2 ? [pick(random, ['node.labels.zone==a', 'node.labels.zone!=a', 'node.name==n2'])] : [];
	const preferences = random() < 0.2 ? ['spread=node.labels.zone'] : [];
	const maxReplicasPerNode = random() < 0.2 ? between(random, [1, 2]) : 0;
	const restart = {
		...(random() < 0.3 ? {delayMs: between(random, [0, 3000])} : {}),
		...(random() < 0.08 ? {maxAttempts: between(random, [1, 3])} : {}),
		...(random() < 0.06 ? {condition: pick(random, ['none', 'on-failure'] as const)} : {}),
	};
	const update = random() < 0.7 ? planPolicy(random) : {};
	const {failureAction: _, ...rollback} = random() < 0.5 ? planPolicy(random) : {};
	return {placement: {constraints, preferences, maxReplicasPerNode}, restart, update, rollback} as Patch<ServiceSpec>;
}

export function planPolicy(random: Random): Partial<UpdatePolicy> {
	return {
		parallelism: between(random, [0, 3]),
		order: random() < 0.5 ? 'start-first' : 'stop-first',
		delayMs: random() < 0.3 ? between(random, [0, 2000]) : 0,
		monitorMs: random() < 0.7 ? between(random, [0, 3000]) : 5000,
		maxFailureRatio: random() < 0.4 ? random() : 0,
		failureAction: pick(random, ['pause', 'continue', 'rollback', 'rollback'] as const) ?? 'pause',
	};
}
