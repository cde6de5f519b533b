import type {PoolSpec} from '../model/index.ts';
import {also, bytes, integer, milliseconds, number, optional, type Problem, problem, shape} from '../spec/check.ts';
import {labels} from '../spec/labels-check.ts';

const dayMs = 86_400_000;

/** More nodes than one machine is cut into by anybody. */
export const mostPoolNodes = 100;

export const poolDefaults: PoolSpec = {
	min: 0,
	max: 3,
	labels: {},
	capacity: {},
	addAfterMs: 3000,
	idleMs: 5 * 60_000,
	idleShare: 0,
	cooldownMs: 60_000,
};

const spec = also<PoolSpec>(
	shape({
		min: integer(0, mostPoolNodes),
		max: integer(1, mostPoolNodes),
		labels,
		capacity: shape({
			cpus: optional(number(0.001, 1_000_000)),
			memoryBytes: optional(bytes(1_048_576, 2 ** 50)),
		}),
		addAfterMs: milliseconds(0, dayMs),
		idleMs: milliseconds(0, 365 * dayMs),
		idleShare: number(0, 1),
		cooldownMs: milliseconds(0, dayMs),
	}),
	({min, max}, path) => (min > max ? [problem(`${path}.min`, `at most max, which is ${max}`, min)] : []),
);

/** All that is wrong with a whole spec from outside; empty: nothing. */
export function checkPoolSpec(value: unknown, path = 'spec'): readonly Problem[] {
	return spec(value, path);
}
