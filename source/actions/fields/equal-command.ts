import type {Kind, Objects} from '../../core/model/index.ts';
import type {Action, Field, Fields, Input} from '../action.ts';
import {quote} from './shell.ts';

/** camelCase field → `--kebab-case`. */
export function flagName(field: string): string {
	return `--${field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

function words(field: Field<unknown>, value: unknown): string[] {
	const values = field.many ? (value as readonly unknown[]) : [value];
	return values.map(one => (field.format ? field.format(one) : String(one)));
}

/** The command that does the same: `muster service scale web=5`. For people, the journal and a shell. */
export function equalCommand(
	action: Pick<Action, 'id' | 'fields'>,
	target: string | undefined,
	input: Readonly<Record<string, unknown>>,
): string {
	const given = Object.entries(action.fields).flatMap(([name, field]) => {
		const value = input[name];
		const isLeftOut = value === undefined || value === field.fallback || (field.many && String(value) === '');
		return isLeftOut ? [] : [{name, field, value, words: words(field, value)}];
	});
	const flags = given
		.filter(({field}) => !field.operand)
		.flatMap(({name, field, value, words: texts}) => {
			const isSwitch = field.placeholder === undefined;
			return isSwitch && value === true ? [flagName(name)] : texts.map(one => `${flagName(name)}=${one}`);
		});
	const at = (operand: Field<unknown>['operand']) =>
		given.filter(({field}) => field.operand === operand).flatMap(({words: texts}) => texts);
	const named = target === undefined ? [] : [[target, ...at('assign')].join('=')];
	const operands = [...named, ...at('one')];
	const guard = operands.some(word => word.startsWith('-')) ? ['--'] : [];
	return ['muster', ...action.id.split('.'), ...flags, ...guard, ...operands, ...at('rest')].map(quote).join(' ');
}

/** As an action itself says it, else by its fields. */
export function commandFor<K extends Kind, F extends Fields>(
	action: Action<K, F>,
	target: Objects[K] | undefined,
	input: Input<F>,
): string {
	return action.command?.(target, input) ?? equalCommand(action, action.creates ? undefined : target?.name, input);
}
