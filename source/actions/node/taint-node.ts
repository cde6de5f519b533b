import type {TaintChange} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Taint} from '../../core/model/index.ts';
import {defineAction, type Field} from '../action.ts';
import {present} from '../change.ts';
import {many, refuse} from '../fields/fields.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** As kubectl writes it: `KEY[=VALUE]:EFFECT` sets, `KEY[[=VALUE]:EFFECT]-` takes away. */
const taintChange: Field<TaintChange> = {
	help: `KEY[=VALUE]:EFFECT sets a taint, KEY- or KEY:EFFECT- takes it away; effects: ${effects.join(', ')}`,
	placeholder: 'KEY[=VALUE]:EFFECT|KEY-',
	operand: 'rest',
	parse(found) {
		const [, key = '', value = '', word, minus] = /^([^\s=:]+?)(?:=([^\s:]*))?(?::([A-Za-z]+))?(-?)$/.exec(found) ?? [];
		const effect = effects.find(one => one === word);
		const isComplete = key !== '' && (effect !== undefined || (minus === '-' && word === undefined));
		if (isComplete && minus === '-') return {remove: {key, effect}};
		if (isComplete && effect !== undefined) return {set: {key, value, effect}};
		throw refuse(found, `KEY[=VALUE]:EFFECT with one of ${effects.join(', ')}, or KEY- or KEY:EFFECT- to take it away`);
	},
	format(change) {
		if ('set' in change) return textOf(change.set);
		const {key, effect} = change.remove;
		return `${key}${effect === undefined ? '' : `:${effect}`}-`;
	},
};

function textOf({key, value, effect}: Taint): string {
	return `${key}${value && `=${value}`}:${effect}`;
}

/** Of one key a node may have one of each effect. */
function whichOf(change: TaintChange): string {
	const {key, effect} = 'set' in change ? change.set : change.remove;
	return `${key}:${effect}`;
}

export const taintNode = defineAction({
	id: 'node.taint',
	title: 'Set or take away taints',
	on: 'node',
	fields: {taints: many(taintChange)},
	form: {
		now: ({taints = []}) => ({taints: taints.map(set => ({set}))}),
		takesAway: {
			taints: {
				field: 'taints',
				key: taint => whichOf(taint as TaintChange),
				value(taint): TaintChange {
					const {key, effect} = (taint as {readonly set: Taint}).set;
					return {remove: {key, effect}};
				},
			},
		},
	},
	unavailable: (_, {facets, name}) => (facets.taint ? undefined : `${name} has no taints: label nodes instead`),
	confirm: (node, {taints = []}) =>
		node && taints.some(change => 'set' in change && change.set.effect === 'NoExecute')
			? `NoExecute ends every instance on ${node.name} that does not tolerate it. Go on?`
			: undefined,
	plan(_, target, {taints = []}) {
		const {id, name} = present(target);
		if (taints.length === 0) {
			throw new ClusterError('usage', 'no taint is given: KEY=VALUE:EFFECT sets one, KEY- takes it away');
		}

		const ref = {kind: 'node', id, name} as const;
		const words = taints.map(taint => taintChange.format?.(taint)).join(' ');
		return [
			{
				type: 'effect',
				ref,
				todo: `taint ${name}: ${words}`,
				title: `tainted ${name}: ${words}`,
				run: async ({facets}) => facets.taint?.(ref, taints),
			},
		];
	},
});
