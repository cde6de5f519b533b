import type {Backend, Patch} from '../../core/backend.ts';
import {inversePatch, mergePatch} from '../../core/difference/merge-patch.ts';
import {ClusterError} from '../../core/error.ts';
import type {Pool, PoolSpec} from '../../core/model/index.ts';
import {checkPoolSpec, mostPoolNodes, poolDefaults} from '../../core/pool/pool-spec.ts';
import {previewPool} from '../../core/preview/preview-pool.ts';
import {checkName} from '../../core/spec/name.ts';
import {defineAction, type Input, type Progress, type Step, type World} from '../action.ts';
import {present} from '../change.ts';
import {bytes, cpus, duration, integer, many, pair, ratio, record, text} from '../fields/fields.ts';
import {drainProgress} from './node-progress.ts';

const fields = {
	min: integer('At least so many nodes; default: 0', {min: 0, max: mostPoolNodes}),
	max: integer('At most so many nodes; default: 3', {min: 1, max: mostPoolNodes}),
	cpus: cpus('CPUs that each node offers; default: those of the machine'),
	memory: bytes('Memory that each node offers; default: that of the machine'),
	label: many(pair('Set a label on its nodes', {short: 'l'})),
	addAfter: duration('Add a node when an instance has waited so long for room; default: 3s'),
	idle: duration('Drain and remove a node that was idle so long; default: 5m'),
	idleShare: ratio('Idle is also who reserves at most this part, if what it runs has another place; default: 0'),
	cooldown: duration('Remove none so long after the last change; default: 1m'),
};

function unavailable(_: Pool | undefined, {name, kinds}: Pick<Backend, 'name'> & Partial<Pick<Backend, 'kinds'>>) {
	return kinds?.includes('pool') === false ? `${name} has no pools of nodes: they are of the local engine` : undefined;
}

export const createPool = defineAction({
	id: 'pool.create',
	title: 'Create a pool: nodes that come and go with what there is to run',
	on: 'pool',
	creates: true,
	fields: {name: text('Name; its nodes are called NAME-1, NAME-2, …', 'NAME', {operand: 'one'}), ...fields},
	unavailable,
	plan(world, _, {name, ...input}): readonly Step[] {
		if (name === undefined) {
			throw new ClusterError('usage', 'NAME is missing');
		}

		refuseName(world, name);
		refuseSpec(mergePatch<PoolSpec>(poolDefaults, patchOf(input)));
		const ref = {kind: 'pool', name} as const;
		return [{type: 'apply', ref, patch: patchOf(input), create: true, inverse: {type: 'remove', ref}}];
	},
	preview: (world, _, {name = '', ...input}) => previewPool(world, name, mergePatch(poolDefaults, patchOf(input))),
});

export const updatePool = defineAction({
	id: 'pool.update',
	title: 'Change a pool',
	on: 'pool',
	fields,
	form: {
		now: ({spec}) => ({
			min: spec.min,
			max: spec.max,
			cpus: spec.capacity.cpus,
			memory: spec.capacity.memoryBytes,
			label: Object.entries(spec.labels).map(([key, value]) => ({key, value})),
			addAfter: spec.addAfterMs,
			idle: spec.idleMs,
			idleShare: spec.idleShare,
			cooldown: spec.cooldownMs,
		}),
	},
	unavailable,
	plan(_, target, input): readonly Step[] {
		const {id, name, revision, spec} = present(target);
		const patch = patchOf(input);
		if (Object.keys(patch).length === 0) {
			throw new ClusterError('usage', 'nothing to change: give at least one flag, such as --max');
		}

		refuseSpec(mergePatch<PoolSpec>(spec, patch));
		const ref = {kind: 'pool', id, name} as const;
		const inverse = {type: 'apply', ref, patch: inversePatch<PoolSpec>(spec, patch)} as const;
		return [{type: 'apply', ref, patch, ifRevision: revision, inverse}];
	},
	preview: (world, target, input) => {
		const pool = present(target);
		return previewPool(world, pool.name, mergePatch<PoolSpec>(pool.spec, patchOf(input)), pool);
	},
});

export const removePool = defineAction({
	id: 'pool.rm',
	title: 'Remove a pool and its nodes',
	on: 'pool',
	fields: {},
	unavailable,
	confirm: pool => pool && `Remove the pool ${pool.name}, which drains and removes ${nodesText(pool.status.nodes)}?`,
	plan(_, target): readonly Step[] {
		const {id, name, spec} = present(target);
		const inverse = {type: 'apply', ref: {kind: 'pool', name}, patch: spec, create: true} as const;
		return [{type: 'remove', ref: {kind: 'pool', id, name}, inverse}];
	},
	preview: (world, target) => {
		const pool = present(target);
		return previewPool(world, pool.name, pool.spec, {...pool, removing: true});
	},
	progress: removalProgress,
});

/** Whoever waits sees the nodes: with the last of them the pool goes. */
function removalProgress(world: World, {name, status}: Pool): Progress {
	const left = world.nodes.filter(({pool}) => pool?.name === name);
	if (left.length === 0) {
		return {state: 'reached', message: `${name} is removed`};
	}

	const total = Math.max(status.nodes, left.length);
	const [trouble] = left.flatMap(node => {
		const drain = drainProgress(world, node);
		return drain.state === 'waiting' && drain.trouble !== undefined ? [drain.trouble] : [];
	});
	return {
		state: 'waiting',
		message: `${name}: ${nodesText(left.length)} left`,
		done: total - left.length,
		total,
		...(trouble !== undefined && {trouble}),
	};
}

function patchOf(input: Omit<Input<typeof fields>, 'name'>): Patch<PoolSpec> {
	const {min, max, cpus: cpuCount, memory, label, addAfter, idle, idleShare, cooldown} = input;
	const capacity = {
		...(cpuCount !== undefined && {cpus: cpuCount}),
		...(memory !== undefined && {memoryBytes: memory}),
	};
	return {
		...(min !== undefined && {min}),
		...(max !== undefined && {max}),
		...(Object.keys(capacity).length > 0 && {capacity}),
		...(label !== undefined && {labels: record(label)}),
		...(addAfter !== undefined && {addAfterMs: addAfter}),
		...(idle !== undefined && {idleMs: idle}),
		...(idleShare !== undefined && {idleShare}),
		...(cooldown !== undefined && {cooldownMs: cooldown}),
	};
}

/** Flags are named as they are written. */
const flagOf: Readonly<Record<string, string>> = {
	'spec.min': '--min',
	'spec.max': '--max',
	'spec.capacity.cpus': '--cpus',
	'spec.capacity.memoryBytes': '--memory',
	'spec.addAfterMs': '--add-after',
	'spec.idleMs': '--idle',
	'spec.idleShare': '--idle-share',
	'spec.cooldownMs': '--cooldown',
};

function refuseSpec(spec: PoolSpec): void {
	const [problem] = checkPoolSpec(spec);
	if (problem !== undefined) {
		const flag = flagOf[problem.path] ?? problem.path.replace(/^spec\.labels/, '--label');
		throw new ClusterError('usage', `${flag} ${problem.message}`);
	}
}

function refuseName({pools = []}: World, name: string): void {
	const [problem] = [...checkName(name, 'NAME'), ...checkName(`${name}-${mostPoolNodes}`, 'NAME of its nodes')];
	if (problem !== undefined) {
		throw new ClusterError('usage', `${problem.path} ${problem.message}`);
	}

	if (pools.some(pool => pool.name === name)) {
		throw new ClusterError('conflict', `there is a pool ${name} already`);
	}
}

function nodesText(count: number): string {
	return count === 1 ? '1 node' : `${count} nodes`;
}
