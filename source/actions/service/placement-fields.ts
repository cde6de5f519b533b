import {parseConstraint, parsePreference} from '../../core/schedule/constraint.ts';
import type {Field} from '../action.ts';
import {type Pair, pair, text} from '../fields/fields.ts';

export function constraint(help: string): Field<string> {
	return {...text(help, 'CONSTRAINT'), parse: found => parseConstraint(found).text};
}

export function preference(help: string): Field<string> {
	return {...text(help, 'PREFERENCE'), parse: found => parsePreference(found).text};
}

/** `inherited`: only KEY was given; whoever knows the environment fills in the value. */
export type EnvEntry = Pair & {readonly inherited?: boolean};

export function envPair(help: string): Field<EnvEntry> {
	const field = pair(help, {short: 'e'});
	return {
		...field,
		parse: found => ({...field.parse(found), ...(found.includes('=') ? {} : {inherited: true})}),
	};
}
