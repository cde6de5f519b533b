import {ClusterError} from '../error.ts';
import type {AutoscaleMetric, Instance, Instant, Service} from '../model/index.ts';
import {isHealthy} from '../reconcile/slots.ts';
import {stripControl} from '../text/text.ts';
import type {LoadSample} from './autoscale-simulation.ts';

export const loadMetrics = ['cpu', 'memory', 'requests', 'connections'] as const satisfies readonly AutoscaleMetric[];

/** More lines than a month of samples, one every 5 s. */
const mostLines = 600_000;

export const loadHeader = `time,${loadMetrics.join(',')}`;

/** One line of a recording: when, and what all instances bore together; empty where nothing is measured. */
export function loadLine(service: Service, instances: readonly Instance[], now: Instant): string {
	const {reserve, limit} = service.spec.template;
	const share = reserve.cpus || limit.cpus || 1;
	const serving = instances.filter(one => one.serviceId === service.id && one.desired === 'running' && isHealthy(one));
	const sum = (figure: (instance: Instance) => number | undefined): string => {
		const known = serving.flatMap(one => figure(one) ?? []);
		return known.length === 0 ? '' : String(Math.round(known.reduce((all, one) => all + one, 0) * 1000) / 1000);
	};
	const cells = {
		cpu: sum(({usage}) => usage?.cpus && usage.cpus / share),
		memory: sum(({usage}) => usage?.memoryBytes),
		requests: sum(({usage}) => usage && (usage.requestsPerSecond ?? 0)),
		connections: sum(({usage}) => usage && (usage.connections ?? 0)),
	};
	return [new Date(now).toISOString(), ...loadMetrics.map(metric => cells[metric])].join(',');
}

/** Reads a recording: `time` first, as RFC 3339 or as seconds, and a column for each of what was measured. Throws `usage`. */
export function readLoad(text: string): readonly LoadSample[] {
	const lines = text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.startsWith('#'));
	if (lines.length > mostLines) {
		throw new ClusterError('usage', `a recording has at most ${mostLines} lines, found ${lines.length}`);
	}

	const [first = '', ...rest] = lines;
	const titles = first.split(',').map(title => title.trim());
	const wrong = titles.slice(1).find(title => !isMetric(title));
	if (titles[0] !== 'time' || titles.length < 2 || wrong !== undefined) {
		throw new ClusterError(
			'usage',
			`line 1 must be time and some of ${loadMetrics.join(', ')}, with commas between, found ${quoted(first)}`,
		);
	}

	const samples = rest.map((line, index) => readLine(line, titles as ['time', ...AutoscaleMetric[]], index + 2));
	const back = samples.findIndex(({at}, index) => at <= (samples[index - 1]?.at ?? Number.NEGATIVE_INFINITY));
	if (back >= 0) {
		throw new ClusterError(
			'usage',
			`line ${back + 2} must be later than the line before it, found ${quoted(rest[back])}`,
		);
	}

	if (samples.length < 2) {
		throw new ClusterError('usage', `a recording has at least 2 lines below its titles, found ${samples.length}`);
	}

	return samples;
}

function readLine(line: string, [, ...metrics]: readonly ['time', ...AutoscaleMetric[]], number: number): LoadSample {
	const [time = '', ...cells] = line.split(',').map(cell => cell.trim());
	const at = /^\d+(\.\d+)?$/.test(time) ? Number(time) * 1000 : Date.parse(time);
	if (!Number.isFinite(at)) {
		throw new ClusterError('usage', `line ${number}: the time must be RFC 3339 or seconds, found ${quoted(time)}`);
	}

	const totals: Partial<Record<AutoscaleMetric, number>> = {};
	for (const [index, metric] of metrics.entries()) {
		const cell = cells[index] ?? '';
		const value = Number(cell);
		if (cell !== '' && (!Number.isFinite(value) || value < 0)) {
			throw new ClusterError(
				'usage',
				`line ${number}: ${metric} must be a number from 0 or nothing, found ${quoted(cell)}`,
			);
		}

		if (cell !== '') {
			totals[metric] = value;
		}
	}

	return {at, totals};
}

function isMetric(title: string): title is AutoscaleMetric {
	return (loadMetrics as readonly string[]).includes(title);
}

function quoted(text: string | undefined): string {
	return JSON.stringify(stripControl((text ?? '').slice(0, 80)));
}
