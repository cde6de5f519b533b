import type {Usage} from '../../core/model/index.ts';
import {formatBytes, formatCount} from '../../core/text/units.ts';
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

/** `8.4`, `812`, `1.2k`. */
export function countCell(count: number | undefined): Span {
	return count === undefined ? absent : formatCount(count);
}

/** `4 ms`, `1.2 s`. */
export function millisecondsCell(ms: number | undefined): Span {
	return ms === undefined ? absent : ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

const nearShare = 0.75;
const atShare = 0.9;

/** A part of what there is, or is promised; what comes near a limit stands out. */
export function shareCell(share: number | undefined, isLimit = true): Span {
	if (share === undefined) {
		return absent;
	}

	const text = `${Math.round(share * 100)} %`;
	return isLimit && share >= nearShare ? {role: share >= atShare ? 'bad' : 'warning', text} : text;
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
