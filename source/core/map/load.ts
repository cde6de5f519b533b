import type {Instance, Node, Service} from '../model/index.ts';
import {instanceCondition} from '../pulse/pulse.ts';
import type {CellCondition, MapFigure} from './cluster-map.ts';

/** Of a service that says nothing about it. */
const plainCpus = 1;
const plainBytes = 512 * 2 ** 20;

/** What an instance of a service may use: its limit, else what it reserves. */
export function allowanceOf({spec}: Service, figure: MapFigure): number {
	const {limit, reserve} = spec.template;
	return limit[figure] ?? (reserve[figure] || (figure === 'cpus' ? plainCpus : plainBytes));
}

export function nodeLoad({usage, capacity}: Node, figure: MapFigure): number | undefined {
	const used = usage?.[figure];
	return used === undefined || capacity[figure] <= 0 ? undefined : used / capacity[figure];
}

/** The worst first. */
const severity: readonly CellCondition[] = [
	'down',
	'failed',
	'unhealthy',
	'pending',
	'starting',
	'stopping',
	'healthy',
	'done',
	'empty',
];
const rank = new Map(severity.map((condition, index) => [condition, index]));

export function worse(a: CellCondition, b: CellCondition): CellCondition {
	return (rank.get(a) ?? 0) <= (rank.get(b) ?? 0) ? a : b;
}

/** What all of a cell is in: the mean of what was measured, the worst of what was found. */
export function summarize(
	instances: readonly Instance[],
	from: number,
	to: number,
	allowances: ReadonlyMap<string, number>,
	figure: MapFigure,
): {readonly load: number | undefined; readonly condition: CellCondition} {
	let sum = 0;
	let measured = 0;
	let condition: CellCondition = 'empty';
	for (let index = from; index < to; index++) {
		const instance = instances[index];
		if (instance !== undefined) {
			condition = worse(condition, instanceCondition(instance));
			const used = instance.usage?.[figure];
			if (used !== undefined) {
				sum += used / (allowances.get(instance.serviceId) ?? 1);
				measured++;
			}
		}
	}

	return {load: measured === 0 ? undefined : sum / measured, condition};
}
