import type {Patch} from '../backend.ts';
import {mergePatch} from '../difference/merge-patch.ts';
import type {NodeSpec} from '../model/index.ts';
import {bytes, integer, number, oneOf, optional, type Problem, shape} from './check.ts';
import {labels} from './labels-check.ts';

const defaults: NodeSpec = {availability: 'active', labels: {}, capacity: {}};

/** The complete spec for what was given of it: of a new node, or (with `base`) of one that is patched. */
export function nodeSpec(given: Patch<NodeSpec>, base: NodeSpec = defaults): NodeSpec {
	return mergePatch(base, given);
}

const spec = shape({
	availability: oneOf('active', 'cordoned', 'drained'),
	labels,
	capacity: shape({
		cpus: optional(number(0.001, 1_000_000)),
		memoryBytes: optional(bytes(1_048_576, 2 ** 50)),
	}),
	drainDeadlineAt: optional(integer(0, Number.MAX_SAFE_INTEGER)),
	drainOrder: optional(oneOf('stop-first', 'start-first')),
	role: optional(oneOf('manager', 'worker')),
});

/** All that is wrong with a whole spec from outside; empty: nothing. */
export function checkNodeSpec(value: unknown, path = 'spec'): readonly Problem[] {
	return spec(value, path);
}
