import type {Limits, Usage} from '../../core/model/index.ts';
import type {UsageFigure} from '../../core/model/resources.ts';
import {resample} from '../../core/pulse/resample.ts';
import type {Samples} from '../../core/pulse/rings.ts';
import {shareOf} from '../../core/pulse/usage-sums.ts';
import {displayWidth, fitWidth} from '../../core/text/text.ts';
import {formatBytes} from '../../core/text/units.ts';
import {countCell, cpuCell, memoryCell, millisecondsCell, shareCell} from '../widgets/cells.ts';
import {spanText} from '../widgets/line.ts';
import {sparkline} from '../widgets/meter.ts';
import type {Section} from './sections.ts';

export type UsageParts = {
	readonly usage: Usage | undefined;
	/** What it may use, or has. */
	readonly limit?: Limits | undefined;
	/** Behind it: `allowed`. */
	readonly limitWord?: string;
	readonly reserved?: Limits | undefined;
	history(figure: UsageFigure): Samples;
	/** Of the history: `the last ten minutes`. */
	readonly period: string;
};

const historyCells = 30;

type Row = {readonly label: string; readonly value: string | undefined; readonly trend?: string};

/** What is used now, of what may be, and of late. A figure that nobody has measured is left out. */
export function usageSection(parts: UsageParts): Section {
	const rows = usageRows(parts).filter(({value}) => value !== undefined);
	const valueColumns = Math.max(0, ...rows.map(({value = ''}) => displayWidth(value)));
	return {
		title: `Usage, and ${parts.period}`,
		rows: rows.map(({label, value = '', trend = ''}) => [
			label,
			trend.trim() === '' ? value : `${fitWidth(value, valueColumns)}  ${trend}`,
		]),
	};
}

function usageRows({usage, limit, limitWord = 'allowed', reserved, history}: UsageParts): readonly Row[] {
	const trend = (figure: UsageFigure, top?: number) =>
		sparkline(resample(history(figure), historyCells), historyCells, top);
	const withShares = (figure: 'cpus' | 'memoryBytes', format: (value: number) => string) =>
		shareText(usage?.[figure], limit?.[figure], format, limitWord) +
		shareText(usage?.[figure], reserved?.[figure], format, 'reserved');
	const known = (value: number | undefined, text: string) => (value === undefined ? undefined : text);
	const perSecond = (value: number | undefined) => known(value, `${spanText(countCell(value))}/s`);
	return [
		{
			label: 'cpu',
			value: known(usage?.cpus, spanText(cpuCell(usage)) + withShares('cpus', coresText)),
			trend: trend('cpus', limit?.cpus),
		},
		{
			label: 'memory',
			value: known(usage?.memoryBytes, spanText(memoryCell(usage)) + withShares('memoryBytes', formatBytes)),
			trend: trend('memoryBytes', limit?.memoryBytes),
		},
		{label: 'requests', value: perSecond(usage?.requestsPerSecond), trend: trend('requestsPerSecond')},
		{label: 'errors', value: perSecond(usage?.errorsPerSecond)},
		{label: 'p99', value: known(usage?.latencyP99Ms, spanText(millisecondsCell(usage?.latencyP99Ms)))},
		{label: 'connections', value: known(usage?.connections, String(usage?.connections))},
	];
}

/** ` · 17 % of 2 CPU allowed`. */
function shareText(
	used: number | undefined,
	whole: number | undefined,
	format: (value: number) => string,
	word: string,
): string {
	const share = shareOf(used, whole);
	return share === undefined || whole === undefined
		? ''
		: ` · ${spanText(shareCell(share))} of ${format(whole)} ${word}`;
}

function coresText(cores: number): string {
	return `${Math.round(cores * 10) / 10} CPU`;
}
