import {holdsRoom} from '../instance-state.ts';
import type {Instance, Service} from '../model/index.ts';
import {places, plural} from '../preview/places.ts';
import {isThrough} from '../reconcile/rollout.ts';
import {formatAge} from '../text/units.ts';
import type {ExplainedLine, ExplainWorld, Explanation} from './explanation.ts';
import {poolLines} from './instance.ts';

export function explainService(world: ExplainWorld, service: Service): Explanation[] {
	const own = world.instances.filter(({serviceId}) => serviceId === service.id);
	const wanted = own.filter(({desired}) => desired === 'running');
	return [
		{question: 'Its state', lines: stateLines(service)},
		{question: 'Why so many', lines: countLines(world, service)},
		{question: 'Why there', lines: placeLines(service, wanted)},
		{question: 'Why some wait', lines: waitLines(world, wanted)},
		{question: 'How its update stands', lines: rolloutLines(world, service)},
	];
}

function stateLines({status, spec, removing}: Service): ExplainedLine[] {
	const {running, healthy, desired, completed, message} = status;
	const text =
		spec.mode === 'job'
			? `${completed} of ${desired} done, ${running} at work`
			: `${running} of ${desired} run, ${healthy} healthy`;
	return [
		{text: removing ? `is being removed, ${running} left` : text},
		...(message === undefined ? [] : [{text: message, tone: 'bad' as const}]),
	];
}

function countLines({now}: ExplainWorld, {spec, autoscale}: Service): ExplainedLine[] {
	const {mode, replicas, perNode, autoscale: policy} = spec;
	if (mode === 'global') {
		return [{text: 'global: one on each node that takes work and meets its constraints'}];
	}

	if (perNode) {
		return [{text: 'global job: one completion on each node that takes work and meets its constraints'}];
	}

	if (policy === undefined) {
		const what =
			mode === 'job' ? `${plural(replicas, 'completion')} asked for` : `${plural(replicas, 'instance')} asked for`;
		return [{text: `${what} by a user`}];
	}

	const targets = policy.targets.map(({metric, value}) => `${metric} ${value}`).join(', ');
	const scaled = autoscale?.scaledAt;
	return [
		{text: `${replicas} by its load: ${policy.min} to ${policy.max}, by ${targets} for each`},
		...(autoscale === undefined
			? []
			: [{text: `last decision, ${formatAge(now - autoscale.at)} ago: ${autoscale.reason}`}]),
		...(scaled === undefined
			? []
			: [
					{
						text: `last changed ${formatAge(now - scaled)} ago, from ${autoscale?.scaledFrom}`,
					},
				]),
	];
}

function placeLines({spec, name, type}: Service, wanted: readonly Instance[]): ExplainedLine[] {
	const placed = wanted.filter(({status, nodeId}) => holdsRoom(status.state) && nodeId !== undefined);
	if (placed.length === 0) {
		return [];
	}

	const {constraints, preferences, maxReplicasPerNode} = spec.placement;
	return [
		{text: places(placed, '')},
		// Where the engine has kinds of services of its own, its scheduler weighs nodes by rules of its own, too.
		...(spec.mode === 'global' || type !== undefined
			? []
			: [{text: `each went to the node with the fewest of ${name}, then the one with most left`}]),
		...(constraints.length > 0 ? [{text: `only nodes with ${constraints.join(' and ')}`}] : []),
		...(preferences.length > 0 ? [{text: `spread first by ${preferences.join(', ')}`}] : []),
		...(maxReplicasPerNode > 0 ? [{text: `at most ${maxReplicasPerNode} on a node`}] : []),
	];
}

/** Each reason once, with how many it holds for. */
function waitLines(world: ExplainWorld, wanted: readonly Instance[]): ExplainedLine[] {
	const waiting = wanted.filter(({status}) => status.state === 'pending');
	if (waiting.length === 0) {
		return [];
	}

	const byReason = Map.groupBy(waiting, ({status}) => status.reason ?? 'the scheduler has not looked at it yet');
	return [
		...[...byReason].map(([reason, group]) => ({text: `${namesOf(group)}: ${reason}`, tone: 'bad' as const})),
		...poolLines(world),
	];
}

function namesOf(group: readonly Instance[]): string {
	const [first] = group;
	return group.length === 1 ? `${first?.name}` : `${first?.name} and ${group.length - 1} more`;
}

function rolloutLines({now}: ExplainWorld, {rollout, version, spec}: Service): ExplainedLine[] {
	if (rollout === undefined || isThrough(rollout)) {
		return spec.paused ? [{text: 'updates are paused on request'}] : [];
	}

	const {state, updated, total, failed, message, startedAt, pausedBy} = rollout;
	const why = message ?? (pausedBy === 'canary' ? 'waits to be promoted' : undefined);
	return [
		{
			text: `${state.replace('-', ' ')} to version ${version}: ${updated} of ${total}, begun ${formatAge(now - startedAt)} ago`,
		},
		...(failed > 0 ? [{text: `${failed} failed`, tone: 'bad' as const}] : []),
		...(why === undefined ? [] : [{text: why, ...(pausedBy === 'failure' && {tone: 'bad' as const})}]),
	];
}
