import type {Taint} from '../core/backend.ts';
import {ClusterError} from '../core/error.ts';
import {defineAction, type Field} from './action.ts';
import {present} from './change.ts';
import {many, refuse} from './fields.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** As kubectl writes it: `KEY[=VALUE]:EFFECT` sets, `KEY[:EFFECT]-` takes away. */
const taintChange: Field<Taint> = {
	help: `KEY[=VALUE]:EFFECT sets a taint, KEY- takes it away; effects: ${effects.join(', ')}`,
	placeholder: 'KEY[=VALUE]:EFFECT|KEY-',
	operand: 'rest',
	parse(found) {
		const [, key = '', value = '', word, minus] = /^([^\s=:]+?)(?:=([^\s:]*))?(?::([A-Za-z]+))?(-?)$/.exec(found) ?? [];
		const effect = effects.find(one => one === word);
		const isTaken = minus === '-' && word === undefined;
		if (key === '' || (!isTaken && (effect === undefined || minus === '-'))) {
			throw refuse(found, `KEY[=VALUE]:EFFECT with one of ${effects.join(', ')}, or KEY- to take it away`);
		}

		return {key, value, effect: isTaken ? undefined : effect};
	},
	format: ({key, value, effect}) => (effect === undefined ? `${key}-` : `${key}${value && `=${value}`}:${effect}`),
};

export const taintNode = defineAction({
	id: 'node.taint',
	title: 'Set or take away taints',
	on: 'node',
	fields: {taints: many(taintChange)},
	unavailable: (_, {facets, name}) => (facets.taint ? undefined : `${name} has no taints: label nodes instead`),
	confirm: (node, {taints = []}) =>
		node && taints.some(({effect}) => effect === 'NoExecute')
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
