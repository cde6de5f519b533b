import type {Service} from '../../core/model/index.ts';
import type {Period} from '../../core/pulse/period.ts';
import {instanceConditions, nodeConditions, type Pulse, serviceConditions} from '../../core/pulse/pulse.ts';
import type {PulseFigure} from '../../core/pulse/pulse-history.ts';
import {resample} from '../../core/pulse/resample.ts';
import type {Samples} from '../../core/pulse/rings.ts';
import {fitName, fitWidth, stripControl} from '../../core/text/text.ts';
import {formatBytes, formatCount} from '../../core/text/units.ts';
import {severities, type Trouble} from '../../core/troubles/trouble.ts';
import type {About} from '../state.ts';
import type {Role} from '../theme.ts';
import type {Span} from '../widgets/line.ts';
import {sparkline} from '../widgets/meter.ts';
import type {World} from '../world.ts';

/** A line of the pulse; with a key the cursor can be on it, and `enter` goes there. */
export type PulseRow = {
	readonly spans: readonly Span[];
	readonly key?: string;
	readonly to?: {readonly screen: string; readonly about?: About};
};

const roles: Readonly<Record<string, Role>> = {
	well: 'good',
	ready: 'good',
	healthy: 'good',
	degraded: 'warning',
	unknown: 'warning',
	closed: 'waiting',
	pending: 'waiting',
	starting: 'busy',
	stopping: 'busy',
	down: 'bad',
	failed: 'bad',
	unhealthy: 'bad',
};

const labelColumns = 11;
const valueColumns = 22;
const periodTexts: Readonly<Record<Period, string>> = {
	minutes: 'the last ten minutes (t: the hour)',
	hour: 'the last hour (t: ten minutes)',
};
/** A column of the last hour is half a minute. */
const mostCells = 120;

function label(text: string): string {
	return ` ${fitWidth(text, labelColumns)} `;
}

/** `28 well · 2 degraded`; what there is none of is left out. */
function conditions<K extends string>(order: readonly K[], counts: Readonly<Record<K, number>>): readonly Span[] {
	const there = order.filter(condition => counts[condition] > 0);
	return there.length === 0
		? [{role: 'dim', text: 'none'}]
		: there.flatMap((condition, index) => [
				index === 0 ? '' : ' · ',
				{role: roles[condition] ?? 'dim', text: `${counts[condition]} ${condition}`},
			]);
}

/** How many of what is in which condition. */
export function conditionRows(pulse: Pulse, troubles: readonly Trouble[]): readonly PulseRow[] {
	const updating: Span[] = pulse.updating === 0 ? [] : [' · ', {role: 'busy', text: `${pulse.updating} updating`}];
	const rows: ReadonlyArray<readonly [screen: string, spans: readonly Span[]]> = [
		['services', [...conditions(serviceConditions, pulse.services), ...updating]],
		['nodes', conditions(nodeConditions, pulse.nodes)],
		['instances', conditions(instanceConditions, pulse.instances)],
		['troubles', troubleCounts(troubles)],
	];
	return rows.map(([screen, spans]) => ({spans: [label(screen), ...spans], key: screen, to: {screen}}));
}

function troubleCounts(troubles: readonly Trouble[]): readonly Span[] {
	const [first] = troubles;
	if (first === undefined) {
		return [{role: 'good', text: 'none'}];
	}

	const severityRoles: readonly Role[] = ['bad', 'warning', 'busy'];
	const counts = severities.flatMap((severity, index): Span[] => {
		const count = troubles.filter(trouble => trouble.severity === severity).length;
		return count === 0 ? [] : [{role: severityRoles[index] ?? 'plain', text: `${count} ${severity}`}, ' · '];
	});
	return [...counts, {role: 'dim', text: first.title}];
}

/** Figures now, and over a period. A figure that nobody measures has no row. */
export function trendRows(
	{instances, usage, capacity, reserved}: Pulse,
	samplesOf: (figure: PulseFigure) => Samples,
	period: Period,
	columns: number,
): readonly PulseRow[] {
	const cells = Math.min(mostCells, columns - labelColumns - valueColumns - 4);
	const row = (name: string, value: string, figure: PulseFigure, top?: number): PulseRow => ({
		spans: [
			label(name),
			fitWidth(value, valueColumns),
			' ',
			{role: 'tint1', text: sparkline(resample(samplesOf(figure), cells), cells, top)},
		],
	});
	const wanted = instances.healthy + instances.starting + instances.unhealthy + instances.pending + instances.failed;
	const restarts = samplesOf('restarts').reduce<number>((sum, sample = 0) => sum + sample, 0);
	return [
		{spans: [{role: 'dim', text: `${' '.repeat(labelColumns + valueColumns + 3)}${periodTexts[period]}`}]},
		row('healthy', `${instances.healthy} of ${wanted}`, 'healthy'),
		...(usage.cpus === undefined
			? []
			: [row('cpu', shareText(usage.cpus, capacity.cpus, reserved.cpus), 'cpus', capacity.cpus)]),
		...(usage.memoryBytes === undefined
			? []
			: [
					row(
						'memory',
						shareText(usage.memoryBytes, capacity.memoryBytes, reserved.memoryBytes),
						'memoryBytes',
						capacity.memoryBytes,
					),
				]),
		...(usage.requestsPerSecond === undefined
			? []
			: [row('requests', `${formatCount(usage.requestsPerSecond)}/s`, 'requestsPerSecond')]),
		row('restarts', `${restarts} seen`, 'restarts'),
	];
}

/** `41 %, 62 % reserved`. */
function shareText(used: number, whole: number, reserved: number): string {
	const share = (part: number) => (whole <= 0 ? '–' : `${Math.round((part / whole) * 100)} %`);
	return `${share(used)}, ${share(reserved)} reserved`;
}

const nameColumns = 26;

/** The services that use most CPU, as many as there is room for. */
export function busiestRows(
	{services, serviceUsage, trends, now}: World,
	period: Period,
	room: number,
	columns: number,
): readonly PulseRow[] {
	const busy = services
		.filter(({id}) => serviceUsage.get(id)?.cpus !== undefined)
		.sort((a, b) => cpusOf(b) - cpusOf(a) || (a.name < b.name ? -1 : 1))
		.slice(0, Math.max(0, room - 1));
	if (busy.length === 0 || room < 2) {
		return [];
	}

	function cpusOf({id}: Service): number {
		return serviceUsage.get(id)?.cpus ?? 0;
	}

	const cells = Math.min(mostCells, Math.max(0, columns - nameColumns - 33));
	const title = `  ${fitWidth('BUSIEST SERVICES', nameColumns)}${fitWidth('CPU', 9, 'right')}${fitWidth('MEM', 10, 'right')}${fitWidth('REQ/S', 9, 'right')}`;
	return [
		{spans: [{role: 'dim', text: title}]},
		...busy.map(({id, name, kind}): PulseRow => {
			const {cpus = 0, memoryBytes, requestsPerSecond} = serviceUsage.get(id) ?? {};
			const figures = [
				fitWidth(`${Math.round(cpus * 100)} %`, 9, 'right'),
				fitWidth(memoryBytes === undefined ? '–' : formatBytes(memoryBytes), 10, 'right'),
				fitWidth(requestsPerSecond === undefined ? '–' : formatCount(requestsPerSecond), 9, 'right'),
			];
			const history = resample(trends.usage.ofMember(id, 'cpus', now, period), cells);
			return {
				spans: [
					` ${fitName(stripControl(name), nameColumns)} `,
					figures.join(''),
					'  ',
					{role: 'tint1', text: sparkline(history, cells)},
				],
				key: id,
				to: {screen: 'instances', about: {kind, id, name}},
			};
		}),
	];
}
