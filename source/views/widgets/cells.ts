import type {Usage} from '../../core/model/index.ts';
import {formatBytes} from '../../core/units.ts';
import type {Column} from './columns.ts';
import type {Span} from './line.ts';
import {sparkline} from './meter.ts';

/** What was not measured, or is not there. */
export const absent: Span = {role: 'dim', text: '–'};

/** CPU as top shows it: percent of one core. */
export function cpuCell(usage: Usage | undefined): Span {
	return usage?.cpus === undefined ? absent : `${Math.round(usage.cpus * 100)} %`;
}

export function memoryCell(usage: Usage | undefined): Span {
	return usage?.memoryBytes === undefined ? absent : formatBytes(usage.memoryBytes);
}

/** The last samples of the CPU, against so many cores; beside the column of the CPU now, and without a title of its own. */
export function cpuTrend<R extends {readonly id: string}>(coresOf: (row: R) => number): Column<R> {
	return {
		title: '   ',
		priority: 5,
		min: 3,
		max: 3,
		align: 'right',
		underNote: true,
		cell: (row, {world}) => sparkline(world.cpuHistory(row.id), 3, coresOf(row)),
	};
}
