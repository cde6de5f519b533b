import {ClusterError} from '../../core/error.ts';
import {exactBytes, formatDuration, parseBytes, parseCpus, parseDuration} from '../../core/text/units.ts';
import type {Field} from '../action.ts';

/* The kinds of values that flags and forms take. A field is one of these with its help, and what else it needs. */

type Options<T> = Omit<Partial<Field<T>>, 'help' | 'parse' | 'many'>;

export function refuse(found: string, allowed: string): ClusterError {
	return new ClusterError('usage', `${JSON.stringify(found)} is not ${allowed}`);
}

export function text(help: string, placeholder: string, options: Options<string> = {}): Field<string> {
	return {
		help,
		placeholder,
		...options,
		parse(found) {
			if (found === '') {
				throw refuse(found, 'a value: it is empty');
			}

			return found;
		},
	};
}

export function integer(
	help: string,
	{min, max = Number.MAX_SAFE_INTEGER, ...options}: Options<number> & {min: number; max?: number},
): Field<number> {
	const upTo = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
	return {
		help,
		placeholder: 'N',
		...options,
		parse(found) {
			const value = Number(found);
			if (!/^-?\d+$/.test(found) || value < min || value > max) {
				throw refuse(found, `a whole number ${upTo}`);
			}

			return value;
		},
	};
}

export function duration(help: string, options: Options<number> = {}): Field<number> {
	return {help, placeholder: 'DURATION', ...options, parse: parseDuration, format: formatDuration};
}

/** A part of the whole: `0.2`, or `20%`. */
export function ratio(help: string, options: Options<number> = {}): Field<number> {
	return {
		help,
		placeholder: 'RATIO',
		...options,
		parse(found) {
			const [, digits, percent] = /^(\d*\.?\d+)(%?)$/.exec(found) ?? [];
			const value = Number(digits) / (percent === '%' ? 100 : 1);
			if (digits === undefined || value > 1) {
				throw refuse(found, 'a part from 0 to 1, such as 0.2 or 20%');
			}

			return value;
		},
	};
}

export function bytes(help: string, options: Options<number> = {}): Field<number> {
	return {help, placeholder: 'BYTES', ...options, parse: parseBytes, format: exactBytes};
}

export function cpus(help: string, options: Options<number> = {}): Field<number> {
	return {help, placeholder: 'CPUS', ...options, parse: parseCpus};
}

export function choice<const C extends string>(
	help: string,
	choices: readonly C[],
	{synonyms = {}, ...options}: Options<C> & {synonyms?: Readonly<Record<string, C>>} = {},
): Field<C> {
	return {
		help,
		placeholder: choices.join('|'),
		choices,
		...options,
		parse(found) {
			const chosen = choices.find(one => one === found) ?? synonyms[found];
			if (chosen === undefined) {
				throw refuse(found, `one of ${choices.join(', ')}`);
			}

			return chosen;
		},
	};
}

/** A flag without a value; `--flag=false` turns it off again. */
export function toggle(help: string, options: Options<boolean> = {}): Field<boolean> {
	return {
		help,
		...options,
		parse(found) {
			if (!['true', 'false'].includes(found)) {
				throw refuse(found, 'true or false');
			}

			return found === 'true';
		},
	};
}

export type Pair = {readonly key: string; readonly value: string};

/** `KEY=VALUE`; `KEY` alone has the empty value. */
export function pair(help: string, options: Options<Pair> = {}): Field<Pair> {
	return {
		help,
		placeholder: 'KEY=VALUE',
		...options,
		parse(found) {
			const [, key, value = ''] = /^([^=\s]+)(?:=([\s\S]*))?$/.exec(found) ?? [];
			if (key === undefined) {
				throw refuse(found, 'KEY=VALUE');
			}

			return {key, value};
		},
		format: ({key, value}) => `${key}=${value}`,
	};
}

/** May be given several times. */
export function many<T>(field: Field<T>): Field<T> & {readonly many: true} {
	return {...field, many: true};
}

export function record(pairs: readonly Pair[]): Record<string, string> {
	return Object.fromEntries(pairs.map(({key, value}) => [key, value]));
}
