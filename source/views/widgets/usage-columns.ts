import type {Limits, ServiceSpec, Usage} from '../../core/model/index.ts';
import {resample} from '../../core/pulse/resample.ts';
import type {Samples} from '../../core/pulse/rings.ts';
import {shareOf, type UsageSum} from '../../core/pulse/usage-sums.ts';
import type {World} from '../world.ts';
import {countCell, cpuCell, memoryCell, millisecondsCell, shareCell} from './cells.ts';
import type {Column} from './columns.ts';
import {sparkline} from './meter.ts';

/** Where the rows of a list have their figures from. */
export type UsageOf<R> = {
	usage(row: R, world: World): Usage | undefined;
	/** What it may use at most; absent: no bound. */
	limit(row: R, world: World): Limits | undefined;
	/** What is kept for it. */
	reserved(row: R, world: World): Limits | undefined;
	history(row: R, figure: 'cpus' | 'requestsPerSecond', world: World): Samples;
	/** Figures that are not in the row itself. */
	readonly sortsByWorld: boolean;
};

const right = {align: 'right', underNote: true} as const;
const traffic = {...right, traffic: true} as const;

export function cpuColumn<R>(of: UsageOf<R>, {priority, max = 7}: {priority: number; max?: number}): Column<R> {
	return {
		...right,
		title: 'CPU',
		letter: 'c',
		priority,
		min: 5,
		max,
		cell: (row, {world}) => cpuCell(of.usage(row, world)),
		sortsByWorld: of.sortsByWorld,
		sortBy: (row, {world}) => of.usage(row, world)?.cpus,
	};
}

export function memoryColumn<R>(of: UsageOf<R>, {priority}: {priority: number}): Column<R> {
	return {
		...right,
		title: 'MEM',
		letter: 'm',
		priority,
		min: 8,
		max: 9,
		cell: (row, {world}) => memoryCell(of.usage(row, world)),
		sortsByWorld: of.sortsByWorld,
		sortBy: (row, {world}) => of.usage(row, world)?.memoryBytes,
	};
}

/** Requests answered, how soon, and how many of them were errors. */
export function trafficColumns<R>(of: UsageOf<R>, priority: number): ReadonlyArray<Column<R>> {
	const {sortsByWorld} = of;
	return [
		{
			...traffic,
			title: 'REQ/S',
			letter: 'q',
			priority,
			min: 5,
			max: 7,
			cell: (row, {world}) => countCell(of.usage(row, world)?.requestsPerSecond),
			sortsByWorld,
			sortBy: (row, {world}) => of.usage(row, world)?.requestsPerSecond,
		},
		{
			...traffic,
			title: 'P99',
			letter: 'l',
			priority: priority + 1,
			min: 6,
			max: 8,
			cell: (row, {world}) => millisecondsCell(of.usage(row, world)?.latencyP99Ms),
			sortsByWorld,
			sortBy: (row, {world}) => of.usage(row, world)?.latencyP99Ms,
		},
		{
			...traffic,
			title: 'ERR/S',
			letter: 'x',
			priority: priority + 2,
			min: 5,
			max: 7,
			wide: true,
			cell: (row, {world}) => countCell(of.usage(row, world)?.errorsPerSecond),
			sortsByWorld,
			sortBy: (row, {world}) => of.usage(row, world)?.errorsPerSecond,
		},
	];
}

/** Parts of limits and of reservations: `/L` and `/R`. */
export function shareColumns<R>(of: UsageOf<R>, priority: number): ReadonlyArray<Column<R>> {
	const column = (
		title: string,
		figure: 'cpus' | 'memoryBytes',
		whole: 'limit' | 'reserved',
		more: number,
	): Column<R> => {
		const share = (row: R, world: World) => shareOf(of.usage(row, world)?.[figure], of[whole](row, world)?.[figure]);
		return {
			...right,
			title,
			priority: priority + more,
			min: 5,
			max: 6,
			wide: true,
			cell: (row, {world}) => shareCell(share(row, world), whole === 'limit'),
			sortsByWorld: true,
			sortBy: (row, {world}) => share(row, world),
		};
	};
	return [
		column('CPU/L', 'cpus', 'limit', 0),
		column('MEM/L', 'memoryBytes', 'limit', 0),
		column('CPU/R', 'cpus', 'reserved', 1),
		column('MEM/R', 'memoryBytes', 'reserved', 1),
	];
}

const historyCells = 20;

/** What was used in the last minutes; `top` is a full column. */
export function historyColumns<R>(
	of: UsageOf<R>,
	priority: number,
	top: (row: R, world: World) => number | undefined,
): ReadonlyArray<Column<R>> {
	const column = (title: string, figure: 'cpus' | 'requestsPerSecond', highest: typeof top): Column<R> => ({
		underNote: true,
		traffic: figure === 'requestsPerSecond',
		title,
		priority,
		min: historyCells,
		max: historyCells,
		wide: true,
		cell: (row, {world}) => ({
			role: 'tint1',
			text: sparkline(resample(of.history(row, figure, world), historyCells), historyCells, highest(row, world)),
		}),
	});
	return [column('CPU OF LATE', 'cpus', top), column('REQ/S OF LATE', 'requestsPerSecond', () => undefined)];
}

/** What all instances of a service that were measured may use, or have reserved, together. */
export function boundOf(
	{template}: ServiceSpec,
	sum: UsageSum | undefined,
	of: 'limit' | 'reserve',
): Limits | undefined {
	return times(sum?.bounds?.[of] ?? template[of], sum?.measured ?? 0);
}

/** So many times each. */
function times(limits: Limits | undefined, count: number): Limits | undefined {
	return (
		limits && {
			...(limits.cpus === undefined ? {} : {cpus: limits.cpus * count}),
			...(limits.memoryBytes === undefined ? {} : {memoryBytes: limits.memoryBytes * count}),
		}
	);
}
