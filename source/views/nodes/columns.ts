import type {Node} from '../../core/model/index.ts';
import {nodeUsage, shareOf} from '../../core/pulse/usage-sums.ts';
import {formatBytes} from '../../core/text/units.ts';
import type {Role} from '../theme.ts';
import {ageColumn} from '../widgets/age-column.ts';
import {cpuTrend, shareCell} from '../widgets/cells.ts';
import type {Column, RowContext} from '../widgets/columns.ts';
import type {Span} from '../widgets/line.ts';
import {cpuColumn, historyColumns, memoryColumn, trafficColumns, type UsageOf} from '../widgets/usage-columns.ts';

const ofNodes: UsageOf<Node> = {
	usage: ({id, usage}, world) => nodeUsage(usage, world.nodeSums.get(id)),
	limit: ({capacity}) => capacity,
	reserved: ({reserved}) => reserved,
	history: ({id}, figure, {trends, now}) => trends.usage.ofMember(id, figure, now, 'minutes'),
	sortsByWorld: true,
};

/** What the node says of itself: of that nothing changes with what its instances say. */
const ofNodeAlone: UsageOf<Node> = {...ofNodes, usage: ({usage}) => usage, sortsByWorld: false};

/** Parts of what the node has. */
const shares = (['cpus', 'memoryBytes'] as const).map((figure): Column<Node> => {
	const share = ({usage, capacity}: Node) => shareOf(usage?.[figure], capacity[figure]);
	return {
		title: figure === 'cpus' ? 'CPU %' : 'MEM %',
		letter: figure === 'cpus' ? 'p' : 'e',
		priority: 4,
		min: 5,
		max: 6,
		align: 'right',
		underNote: true,
		cell: node => shareCell(share(node)),
		sortBy: share,
	};
});

export const nodeColumns: ReadonlyArray<Column<Node>> = [
	{
		title: 'NAME',
		letter: 'n',
		isName: true,
		priority: 0,
		min: 6,
		max: 40,
		cell: ({name}) => name,
		sortBy: ({name}) => name,
	},
	{
		title: 'STATUS',
		letter: 's',
		priority: 0,
		min: 6,
		max: 8,
		cell: node => ({role: nodeRole(node), text: node.status.state}),
		sortBy: ({status}) => status.state,
	},
	{
		title: 'AVAILABILITY',
		letter: 'v',
		priority: 0,
		min: 12,
		max: 12,
		cell: ({availability}) => ({role: availability === 'active' ? 'plain' : 'waiting', text: availability}),
		sortBy: ({availability}) => availability,
	},
	{
		title: 'ROLE',
		letter: 'o',
		priority: 3,
		min: 6,
		max: 11,
		ifAny: true,
		cell: ({role, manager}) =>
			manager?.isReachable === false ? {role: 'bad', text: 'unreachable'} : manager?.isLeader ? 'leader' : (role ?? ''),
		sortBy: ({role}) => role,
	},
	{
		title: 'POOL',
		priority: 3,
		min: 4,
		max: 20,
		ifAny: true,
		cell: ({pool}) => (pool === undefined ? '' : pool.leaving ? `${pool.name} leaving` : pool.name),
		sortBy: ({pool}) => pool?.name,
	},
	{
		title: 'INSTANCES',
		letter: 'i',
		priority: 1,
		min: 9,
		max: 9,
		align: 'right',
		cell: ({instances}) => String(instances),
		sortBy: ({instances}) => instances,
	},
	cpuColumn(ofNodeAlone, {priority: 2}),
	cpuTrend(({capacity}) => capacity.cpus),
	memoryColumn(ofNodeAlone, {priority: 2}),
	...shares,
	...trafficColumns(ofNodes, 5),
	{
		title: 'RESERVED',
		letter: 'r',
		priority: 3,
		min: 8,
		max: 26,
		align: 'right',
		underNote: true,
		cell: ({reserved, capacity}) => `${cpus(reserved.cpus)}/${cpus(capacity.cpus)} cpu`,
		sortBy: ({reserved}) => reserved.cpus,
	},
	{
		title: 'MEM RESERVED',
		priority: 4,
		min: 12,
		max: 18,
		align: 'right',
		underNote: true,
		cell: ({reserved, capacity}) => `${formatBytes(reserved.memoryBytes)}/${formatBytes(capacity.memoryBytes)}`,
		sortBy: ({reserved}) => reserved.memoryBytes,
	},
	...historyColumns(ofNodes, 8, ({capacity}) => capacity.cpus),
	{
		title: 'LABELS',
		priority: 9,
		min: 6,
		max: 60,
		wide: true,
		cell: ({spec}) =>
			Object.entries(spec.labels)
				.map(([key, value]) => `${key}=${value}`)
				.join(' '),
	},
	ageColumn(2),
];

/** To a tenth, without a zero behind the point. */
function cpus(count: number): string {
	return String(Math.round(count * 10) / 10);
}

export function nodeRole({status}: Node): Role {
	return status.state === 'ready' ? 'good' : status.state === 'down' ? 'bad' : 'waiting';
}

/** What goes on with it: a fence, a drain, why it is down. */
export function nodeNote(node: Node, {ages}: RowContext): Span | undefined {
	const {status, availability, instances, removing} = node;
	if (removing) {
		return {role: 'busy', text: `being removed, ${instances} instances left`};
	}

	if (status.state !== 'ready') {
		const why = status.message ?? (status.fencing ? 'being fenced' : undefined);
		return why === undefined ? undefined : {role: nodeRole(node), text: `✗ ${why}`};
	}

	if (availability === 'draining') {
		const {drainDeadlineAt} = node.spec;
		const left = drainDeadlineAt === undefined ? '' : `, ${ages.until(drainDeadlineAt)} left`;
		const going = instances - (node.staying ?? 0);
		const why = status.message === undefined ? '' : ` · ${status.message}`;
		return {role: 'busy', text: `draining, ${going} instance${going === 1 ? '' : 's'} to go${left}${why}`};
	}

	return undefined;
}
