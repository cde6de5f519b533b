import {stateTable} from '../../core/instance-state.ts';
import type {Instance} from '../../core/model/index.ts';
import {plural} from '../../core/preview/places.ts';
import type {Role} from '../theme.ts';
import {ageColumn} from '../widgets/age-column.ts';
import {absent} from '../widgets/cells.ts';
import type {Column, RowContext} from '../widgets/columns.ts';
import type {Span} from '../widgets/line.ts';
import {namespaceColumn} from '../widgets/namespace-column.ts';
import {
	cpuColumn,
	historyColumns,
	memoryColumn,
	shareColumns,
	trafficColumns,
	type UsageOf,
} from '../widgets/usage-columns.ts';

/** What it may use and what is kept for it, its service says, if it does not itself. */
const ofInstances: UsageOf<Instance> = {
	usage: ({usage}) => usage,
	limit: ({serviceId, bounds}, world) => bounds?.limit ?? world.service(serviceId)?.spec.template.limit,
	reserved: ({serviceId, bounds}, world) => bounds?.reserve ?? world.service(serviceId)?.spec.template.reserve,
	history: ({id}, figure, {trends, now}) => trends.usage.ofInstance(id, figure, now),
	sortsByWorld: false,
};

export const instanceColumns: ReadonlyArray<Column<Instance>> = [
	namespaceColumn,
	{title: 'NAME', letter: 'n', isName: true, priority: 0, min: 8, max: 44, cell: ({name}) => name, sortBy: slotKey},
	{title: 'ID', priority: 9, min: 12, max: 12, wide: true, cell: ({id}) => id, sortBy: ({id}) => id},
	{
		title: 'NODE',
		letter: 'o',
		isName: true,
		priority: 1,
		min: 6,
		max: 24,
		cell: ({nodeName}) => nodeName ?? absent,
		sortBy: ({nodeName}) => nodeName,
	},
	{
		title: 'READY',
		priority: 2,
		min: 5,
		max: 5,
		align: 'right',
		ifAny: true,
		cell: readyCell,
		sortBy: ({containers}) => containers && containers.ready / containers.total,
	},
	{
		title: 'STATE',
		letter: 's',
		priority: 0,
		min: 8,
		max: 9,
		cell: instance => ({role: instanceRole(instance), text: stateWord(instance)}),
		sortBy: stateWord,
	},
	{
		title: 'HEALTH',
		letter: 'h',
		priority: 1,
		min: 8,
		max: 9,
		ifAny: true,
		underNote: true,
		cell: healthCell,
		sortBy: ({status}) => status.health,
	},
	cpuColumn(ofInstances, {priority: 3, max: 6}),
	memoryColumn(ofInstances, {priority: 3}),
	...trafficColumns(ofInstances, 6),
	...shareColumns(ofInstances, 7),
	{
		title: 'RESTARTS',
		letter: 'r',
		priority: 4,
		min: 8,
		max: 8,
		align: 'right',
		underNote: true,
		cell: ({restarts}) => String(restarts),
		sortBy: ({restarts}) => restarts,
	},
	...historyColumns(ofInstances, 8, () => 1),
	{title: 'ENDPOINT', letter: 'e', priority: 5, min: 15, max: 24, underNote: true, cell: endpointText},
	{
		title: 'PID',
		priority: 9,
		min: 5,
		max: 8,
		align: 'right',
		wide: true,
		ifAny: true,
		underNote: true,
		cell: ({status}) => (status.pid === undefined ? '' : String(status.pid)),
		sortBy: ({status}) => status.pid,
	},
	{
		title: 'VERSION',
		priority: 8,
		min: 7,
		max: 7,
		align: 'right',
		wide: true,
		underNote: true,
		cell: ({version}) => String(version),
		sortBy: ({version}) => version,
	},
	ageColumn(2),
];

/** `web.9` before `web.10`. */
function slotKey({serviceName, slot, name}: Instance): string {
	return `${serviceName} ${String(slot).padStart(9, '0')} ${name}`;
}

/** `stopping` is no state of its own: it runs, and is meant to stop. */
export function stateWord({desired, status}: Instance): string {
	return desired === 'stopped' && stateTable[status.state].to.length > 0 ? 'stopping' : status.state;
}

export function instanceRole({desired, status}: Instance): Role {
	const {tone} = stateTable[status.state];
	if (tone === 'good') {
		const isUnwell = status.health === 'unhealthy';
		return isUnwell ? 'bad' : desired === 'stopped' || status.health === 'starting' ? 'busy' : 'good';
	}

	return tone;
}

/** `2/3` of its containers; what has come to its end has none to wait for. */
function readyCell({containers, status}: Instance): Span {
	if (containers === undefined) return '';
	const {ready, total} = containers;
	const isShort = ready < total && stateTable[status.state].to.length > 0;
	return {role: isShort ? 'busy' : 'plain', text: `${ready}/${total}`};
}

/** Of containers READY and the note have told it. */
function healthCell({status, containers}: Instance): Span {
	if (containers !== undefined) return '';
	switch (status.health) {
		case 'healthy':
			return {role: 'good', text: 'healthy'};
		case 'unhealthy':
			return {role: 'bad', text: 'unhealthy'};
		case 'starting':
			return {role: 'busy', text: 'starting'};
		case 'none':
			return absent;
	}
}

function endpointText({status}: Instance): string {
	return status.endpoints.map(({host, port}) => `${host}:${port}`).join(' ');
}

/** Why it waits, failed or is unwell. */
export function instanceNote(instance: Instance, _: RowContext): Span | undefined {
	const {status, desired, desiredReason, restarts} = instance;
	const role = instanceRole(instance);
	if (status.state === 'running') {
		const {health, healthMessage} = status;
		if (healthMessage === undefined || health === 'healthy' || health === 'none') {
			return undefined;
		}

		// What is still on its way says how far it is: an image that is pulled, a program that does not answer yet.
		return {role, text: health === 'unhealthy' ? `unhealthy: ${healthMessage}` : healthMessage};
	}

	const reason = status.reason ?? (desired === 'stopped' ? desiredReason : undefined);
	const exit = status.exitCode === undefined || status.state === 'completed' ? undefined : `exit ${status.exitCode}`;
	// The note stands over their column; where it waits to be started again they are what matters.
	const again = status.state === 'starting' && restarts > 0 ? plural(restarts, 'restart') : undefined;
	const said = [reason, reason?.includes('exit') ? undefined : exit].filter(part => part !== undefined).join(', ');
	const text = [said, said === '' ? undefined : again].filter(part => part !== undefined).join(' · ');
	return text === '' ? undefined : {role, text};
}
