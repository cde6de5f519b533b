import type {Patch} from '../../core/backend.ts';
import type {Labels} from '../../core/model/index.ts';
import type {Field} from '../action.ts';
import {type Pair, pair} from './fields.ts';

/** One label that is set, or taken away. */
export type LabelChange = {readonly set: Pair} | {readonly remove: string};

export function keyOfChange(change: unknown): string {
	return 'remove' in (change as LabelChange) ? (change as {remove: string}).remove : (change as {set: Pair}).set.key;
}

/** As kubectl writes it: KEY=VALUE sets, `KEY-` takes away. */
export const labelChange: Field<LabelChange> = {
	help: 'KEY=VALUE sets a label, KEY- takes it away',
	placeholder: 'KEY=VALUE|KEY-',
	operand: 'rest',
	parse: found =>
		found.endsWith('-') && !found.includes('=') ? {remove: found.slice(0, -1)} : {set: pair('').parse(found)},
	format: change => ('remove' in change ? `${change.remove}-` : `${change.set.key}=${change.set.value}`),
};

/** What a form over the labels of something knows of them. */
export function labelForm(labels: Labels): Readonly<Record<string, unknown>> {
	return {labels: Object.entries(labels).map(([key, value]) => ({set: {key, value}}))};
}

export const labelsTakenAway = {
	labels: {
		field: 'labels',
		key: keyOfChange,
		value: (label: unknown): LabelChange => ({remove: keyOfChange(label)}),
	},
};

export function labelPatch(changes: readonly LabelChange[]): Patch<Labels> {
	return Object.fromEntries(
		changes.map(change => ('remove' in change ? [change.remove, null] : [change.set.key, change.set.value])),
	);
}
