import type {Node} from '../../core/model/index.ts';
import {nodeUsage} from '../../core/pulse/usage-sums.ts';
import {formatBytes} from '../../core/text/units.ts';
import {nodeRole} from '../nodes/columns.ts';
import type {RowContext} from '../widgets/columns.ts';
import type {StaticRow} from '../widgets/static-table.tsx';
import {pairRows, type Section} from './sections.ts';
import {usageSection} from './usage.ts';

export function nodeSections(node: Node, {world, ages}: RowContext): readonly Section[] {
	const {status, spec} = node;
	const own = world.instances.filter(({nodeId}) => nodeId === node.id);
	return [
		{
			title: `Node ${node.name}`,
			rows: [
				['id', node.id],
				['status', {role: nodeRole(node), text: `${status.state} for ${ages.of(status.at)}`}],
				['message', status.message],
				['back', status.failedUntil === undefined ? undefined : `in ${ages.until(status.failedUntil)}`],
				['availability', node.availability],
				['drain deadline', spec.drainDeadlineAt === undefined ? undefined : `in ${ages.until(spec.drainDeadlineAt)}`],
				['role', node.role],
				['machine', node.machine?.name],
				['generation', String(node.generation)],
				...pairRows('labels', spec.labels),
				['age', ages.of(node.createdAt)],
			],
		},
		usageSection({
			usage: nodeUsage(node.usage, world.nodeSums.get(node.id)),
			limit: node.capacity,
			limitWord: 'in all',
			reserved: node.reserved,
			history: figure => world.trends.usage.ofMember(node.id, figure, world.now, 'minutes'),
			period: 'the last ten minutes',
		}),
		{title: 'Instances by service', rows: countByService(own.map(({serviceName}) => serviceName))},
	];
}

function countByService(names: readonly string[]): ReadonlyArray<readonly [string, string]> {
	const groups = Map.groupBy(names, name => name);
	return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => [name, String(all.length)]);
}

/** What a node offers, has promised and uses. */
export function nodeResources({capacity, reserved, usage}: Node): readonly StaticRow[] {
	const figure = (value: number | undefined, format: (value: number) => string) =>
		value === undefined ? '–' : format(value);
	const cores = (value: number) => value.toFixed(1);
	return [
		{
			'': 'CPUs',
			capacity: cores(capacity.cpus),
			reserved: cores(reserved.cpus),
			used: figure(usage?.cpus, cores),
		},
		{
			'': 'memory',
			capacity: formatBytes(capacity.memoryBytes),
			reserved: formatBytes(reserved.memoryBytes),
			used: figure(usage?.memoryBytes, formatBytes),
		},
	];
}
