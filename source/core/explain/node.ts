import type {Node, Pool} from '../model/index.ts';
import {isLeaving, membersOf} from '../pool/members.ts';
import {plural} from '../preview/places.ts';
import {formatAge, formatBytes, formatDuration} from '../text/units.ts';
import type {ExplainedLine, ExplainWorld, Explanation} from './explanation.ts';
import {liveOn} from './instance.ts';

export function explainNode(world: ExplainWorld, node: Node): Explanation[] {
	return [
		{question: 'Its state', lines: stateLines(world, node)},
		{question: 'Why it takes no work', lines: closedLines(world, node)},
		{question: 'What holds its drain up', lines: drainLines(world, node)},
		{question: 'Why it is there', lines: originLines(world, node)},
	];
}

function stateLines({now}: ExplainWorld, {status, instances, reserved, capacity, availability}: Node): ExplainedLine[] {
	const said = status.message === undefined ? '' : `: ${status.message}`;
	const room = `${reserved.cpus} of ${capacity.cpus} CPUs and ${formatBytes(reserved.memoryBytes)} of ${formatBytes(capacity.memoryBytes)} reserved`;
	return [
		{
			text: `${status.state} since ${formatAge(now - status.at)}, ${availability}${said}`,
			...(status.state === 'down' && {tone: 'bad' as const}),
		},
		{text: `${plural(instances, 'instance')}, ${room}`},
	];
}

function closedLines({now}: ExplainWorld, node: Node): ExplainedLine[] {
	const {status, spec, removing, pool} = node;
	const back = status.failedUntil === undefined ? undefined : Math.max(0, status.failedUntil - now);
	return [
		...(removing ? [{text: 'is being removed'}] : []),
		...(status.state === 'down'
			? [{text: `is down${status.fencing ? ', and its processes are being ended' : ''}`}]
			: []),
		...(status.state === 'unknown' ? [{text: 'its agent has not been heard of yet'}] : []),
		...(back === undefined
			? []
			: [{text: `failed on purpose, comes back in ${formatDuration(Math.ceil(back / 1000) * 1000)}`}]),
		...(spec.availability === 'cordoned' ? [{text: 'was cordoned by a user: muster node uncordon opens it'}] : []),
		...(spec.availability === 'drained'
			? [
					{
						text: isLeaving(node)
							? `is drained by pool ${pool?.name}, to leave`
							: 'was drained by a user: muster node uncordon opens it',
					},
				]
			: []),
	];
}

/** Replacements that find no place, each reason once. */
function drainLines(world: ExplainWorld, node: Node): ExplainedLine[] {
	if (node.availability !== 'draining') {
		return [];
	}

	const here = new Set(liveOn(world, node).map(({id}) => id));
	const stuck = world.instances.filter(
		({replaces, status}) => replaces !== undefined && here.has(replaces) && status.state === 'pending',
	);
	const byReason = Map.groupBy(stuck, ({status}) => status.reason ?? 'the scheduler has not looked at it yet');
	return [...byReason].map(([reason, group]) => ({
		text: `${group[0]?.name}${group.length > 1 ? ` and ${group.length - 1} more` : ''} finds no other place: ${reason}`,
		tone: 'bad',
	}));
}

function originLines({pools = [], now}: ExplainWorld, node: Node): ExplainedLine[] {
	const pool = pools.find(({name}) => name === node.pool?.name);
	return node.pool === undefined
		? [{text: `made ${formatAge(now - node.createdAt)} ago${pools.length === 0 ? '' : ', of no pool'}`}]
		: [
				{text: `made ${formatAge(now - node.createdAt)} ago by pool ${node.pool.name}`},
				...(pool === undefined ? [] : [{text: `the pool's last decision: ${pool.status.reason}`}]),
			];
}

export function explainPool({nodes, now}: ExplainWorld, pool: Pool): Explanation[] {
	const {spec, status, removing} = pool;
	const members = membersOf(pool, nodes);
	return [
		{
			question: 'Why so many nodes',
			lines: [
				{text: `${plural(members.length, 'node')}, from ${spec.min} to ${spec.max}`},
				{
					text: removing
						? 'is being removed with its nodes'
						: `last decision, ${formatAge(now - status.at)} ago: ${status.reason}`,
				},
				...(status.changed === undefined
					? []
					: [{text: `last change, ${formatAge(now - status.changed.at)} ago: ${status.changed.reason}`}]),
			],
		},
		{
			question: 'What its nodes do',
			lines: members.map(node => ({
				text: `${node.name}: ${node.status.state}${isLeaving(node) ? ', leaves' : ''}, ${plural(node.instances, 'instance')}`,
			})),
		},
	];
}
