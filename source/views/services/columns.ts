import {isUnexplained} from '../../core/lacks.ts';
import type {Rollout, Service} from '../../core/model/index.ts';
import {withoutDigest} from '../../core/spec/image-name.ts';
import {modeText} from '../../core/spec/service-mode.ts';
import type {Role} from '../theme.ts';
import {ageColumn} from '../widgets/age-column.ts';
import {cpuTrend} from '../widgets/cells.ts';
import type {Column, RowContext} from '../widgets/columns.ts';
import type {Span} from '../widgets/line.ts';
import {bar} from '../widgets/meter.ts';
import {namespaceColumn} from '../widgets/namespace-column.ts';
import {
	boundOf,
	cpuColumn,
	historyColumns,
	memoryColumn,
	shareColumns,
	trafficColumns,
	type UsageOf,
} from '../widgets/usage-columns.ts';

const barCells = 13;

/** Of all instances together. */
const ofServices: UsageOf<Service> = {
	usage: ({id}, world) => world.serviceUsage.get(id),
	limit: ({id, spec}, world) => boundOf(spec, world.serviceUsage.get(id), 'limit'),
	reserved: ({id, spec}, world) => boundOf(spec, world.serviceUsage.get(id), 'reserve'),
	history: ({id}, figure, {trends, now}) => trends.usage.ofMember(id, figure, now, 'minutes'),
	sortsByWorld: true,
};

export const serviceColumns: ReadonlyArray<Column<Service>> = [
	namespaceColumn,
	{
		title: 'NAME',
		letter: 'n',
		isName: true,
		priority: 0,
		min: 8,
		max: 40,
		cell: ({name}) => name,
		sortBy: ({name}) => name,
	},
	{
		title: 'IMAGE',
		letter: 'i',
		priority: 4,
		min: 10,
		max: 36,
		cell: ({spec}) => withoutDigest(spec.template.image),
		sortBy: ({spec}) => withoutDigest(spec.template.image),
	},
	{
		title: 'MODE',
		priority: 9,
		min: 6,
		max: 10,
		wide: true,
		cell: ({spec}) => modeText(spec),
		sortBy: ({spec}) => modeText(spec),
	},
	{
		title: 'REPLICAS',
		letter: 'r',
		priority: 0,
		min: 11,
		max: 18,
		cell: replicasCell,
		sortBy: ({status}) => status.running,
	},
	{
		title: 'AUTO',
		priority: 5,
		min: 4,
		max: 9,
		ifAny: true,
		cell: autoscaleCell,
		sortBy: ({spec}) => spec.autoscale?.max,
	},
	{
		title: 'HEALTH',
		letter: 'h',
		priority: 1,
		min: 6,
		max: barCells,
		underNote: true,
		cell: service => healthCell(service, barCells),
		shrink: healthCell,
		sortBy: healthyShare,
	},
	cpuColumn(ofServices, {priority: 2}),
	cpuTrend(({status}) => status.running),
	memoryColumn(ofServices, {priority: 3}),
	...trafficColumns(ofServices, 4),
	...shareColumns(ofServices, 7),
	...historyColumns(ofServices, 8, service => Math.max(1, service.status.running)),
	{title: 'PORTS', letter: 'p', priority: 3, min: 8, max: 24, underNote: true, cell: portsText, sortBy: portsText},
	ageColumn(1),
];

/** From how few to how many instances the load may say; why it last did is in the description. */
function autoscaleCell({spec: {autoscale}}: Service): string {
	return autoscale === undefined ? '' : `${autoscale.min}–${autoscale.max}`;
}

/** Of what is under way: on, back, standing still. */
const rolloutSigns: Readonly<Partial<Record<Rollout['state'], string>>> = {
	updating: '⟳',
	'rolling-back': '⟲',
	paused: '‖',
};

/** `98/100`, with a rollout `8/8 ⟳ 5/8`, where the next one would not begin `8/8 ‖`; of a job, what is done. */
export function replicasCell({spec, status, rollout}: Service): Span {
	const {running, desired, completed} = status;
	if (spec.mode === 'job') {
		return `${completed}/${desired} done`;
	}

	const sign = rollout && rolloutSigns[rollout.state];
	return sign === undefined
		? `${running}/${desired}${spec.paused ? ` ${rolloutSigns.paused}` : ''}`
		: `${running}/${desired} ${sign} ${rollout?.updated}/${rollout?.total}`;
}

function healthyShare({spec, status}: Service): number | undefined {
	const reached = spec.mode === 'job' ? status.completed : status.healthy;
	return status.desired === 0 ? undefined : reached / status.desired;
}

export function serviceRole(service: Service): Role {
	const share = healthyShare(service);
	if (service.removing || share === undefined) {
		return 'done';
	}

	return share >= 1 ? 'good' : service.status.message === undefined ? 'busy' : 'bad';
}

function healthCell(service: Service, columns: number): Span {
	const share = healthyShare(service);
	return share === undefined
		? {role: 'dim', text: columns < 11 ? 'none' : 'none wanted'}
		: {role: serviceRole(service), text: bar(share, columns)};
}

function portsText({status, spec}: Service): string {
	const ports = status.ports.length > 0 ? status.ports : spec.ports;
	return ports.map(({published, target}) => `${published || '…'}→${target}`).join(' ');
}

/** Why it is not what was asked; instead of a bar that says only that. */
export function serviceNote(service: Service, {world}: RowContext): Span | undefined {
	const {removing, status, rollout} = service;
	if (removing) {
		const holder = status.running === 0 && status.message !== undefined ? `, ${status.message}` : '';
		return {role: 'busy', text: `being removed, ${status.running} left${holder}`};
	}

	if (rollout?.state === 'paused') {
		const {pausedBy, isRollback, message} = rollout;
		const what = `${isRollback ? 'rollback' : 'update'} paused`;
		return {role: pausedBy === 'failure' ? 'bad' : 'busy', text: `‖ ${message ?? what}`};
	}

	// What runs by a schedule says by which.
	if (status.desired === 0 && status.message !== undefined) return {role: 'dim', text: status.message};
	const share = healthyShare(service) ?? 1;
	// Where nothing is up, what an instance says is more than that it took too long; of a job its controller knows.
	const own = share === 0 || isUnexplained(service) ? world.serviceReasons.get(service.id) : undefined;
	const why = service.spec.mode === 'job' || share > 0 ? (status.message ?? own) : (own ?? status.message);
	return why === undefined || (share >= 1 && own === undefined) ? undefined : {role: 'bad', text: `✗ ${why}`};
}
