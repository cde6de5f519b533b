import type {Pool} from '../../core/model/index.ts';
import {isLeaving, membersOf} from '../../core/pool/members.ts';
import {exactBytes, formatDuration} from '../../core/text/units.ts';
import type {RowContext} from '../widgets/columns.ts';
import {pairRows, type Section} from './sections.ts';

/** What a pool is to do, what it decided, and the nodes that it has. */
export function poolSections(pool: Pool, {world, ages}: RowContext): readonly Section[] {
	const {name, spec, status, removing} = pool;
	const {cpus, memoryBytes} = spec.capacity;
	return [
		{
			title: `Pool ${name}`,
			rows: [
				['nodes', `${status.nodes} (${status.ready} ready), from ${spec.min} to ${spec.max}`],
				['decision', removing ? 'is being removed' : status.reason],
				['since', `${ages.of(status.at)} ago`],
				['last change', status.changed && `${status.changed.reason}, ${ages.of(status.changed.at)} ago`],
				['each offers', `${cpus ?? 'all'} CPUs, ${memoryBytes === undefined ? 'all memory' : exactBytes(memoryBytes)}`],
				...pairRows('labels', spec.labels),
				['adds after', formatDuration(spec.addAfterMs)],
				['removes after', `${formatDuration(spec.idleMs)} idle, ${formatDuration(spec.cooldownMs)} after a change`],
				['idle up to', spec.idleShare === 0 ? undefined : `${Math.round(spec.idleShare * 100)} % reserved`],
			],
		},
		{
			title: 'Nodes',
			rows: membersOf(pool, world.nodes).map(node => [
				node.name,
				`${node.status.state}${isLeaving(node) ? ', leaving' : ''}, ${node.instances} instances`,
			]),
		},
	];
}
