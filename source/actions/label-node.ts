import type {Patch} from '../core/backend.ts';
import {ClusterError} from '../core/error.ts';
import type {Labels} from '../core/model/index.ts';
import {checkNodeSpec, nodeSpec} from '../core/node-spec.ts';
import {defineAction, type Field} from './action.ts';
import {changeNode, present} from './change.ts';
import {many, type Pair, pair} from './fields.ts';

type Change = {readonly set: Pair} | {readonly remove: string};

function keyOf(change: unknown): string {
	return 'remove' in (change as Change) ? (change as {remove: string}).remove : (change as {set: Pair}).set.key;
}

/** As kubectl writes it: KEY=VALUE sets, `KEY-` takes away. */
const labelChange: Field<Change> = {
	help: 'KEY=VALUE sets a label, KEY- takes it away',
	placeholder: 'KEY=VALUE|KEY-',
	operand: 'rest',
	parse: found =>
		found.endsWith('-') && !found.includes('=') ? {remove: found.slice(0, -1)} : {set: pair('').parse(found)},
	format: change => ('remove' in change ? `${change.remove}-` : `${change.set.key}=${change.set.value}`),
};

export const labelNode = defineAction({
	id: 'node.label',
	title: 'Set or take away labels',
	on: 'node',
	fields: {labels: many(labelChange)},
	form: {
		now: ({spec}) => ({labels: Object.entries(spec.labels).map(([key, value]) => ({set: {key, value}}))}),
		takesAway: {labels: {field: 'labels', key: keyOf, value: label => ({remove: keyOf(label)})}},
	},
	plan(_, target, {labels = []}) {
		const node = present(target);
		if (labels.length === 0) {
			throw new ClusterError('usage', 'no label is given: KEY=VALUE sets one, KEY- takes it away');
		}

		const entries = labels.map(change =>
			'remove' in change ? [change.remove, null] : [change.set.key, change.set.value],
		);
		const patch = {labels: Object.fromEntries(entries) as Patch<Labels>};
		const [problem] = checkNodeSpec(nodeSpec(patch, node.spec));
		if (problem !== undefined) {
			throw new ClusterError('usage', `KEY=VALUE ${problem.message}`);
		}

		return [changeNode(node, patch)];
	},
});
