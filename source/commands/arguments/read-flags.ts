import {parseArgs} from 'node:util';
import type {Fields} from '../../actions/action.ts';
import {flagName} from '../../actions/fields/equal-command.ts';
import {takesValue} from '../verb.ts';

/** A command line in one spelling: every flag as `--name=value`, by its field's own name. */
export type Spelled = {
	readonly flags: readonly string[];
	readonly operands: readonly string[];
	/** As written. */
	readonly unknown: readonly string[];
	/** Flags that lack their value. */
	readonly bare: readonly string[];
};

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** Spells a command line by its fields. From the operand `flagsEndAfter` on, and behind `--`, nothing is a flag. */
export function spell(words: readonly string[], fields: Fields, flagsEndAfter = Number.POSITIVE_INFINITY): Spelled {
	const names = namesOf(fields);
	const tokens = tokensOf(words, fields);
	const end = tokens.filter(({kind}) => kind === 'positional')[flagsEndAfter - 1]?.index ?? words.length;
	const flags: string[] = [];
	const operands: string[] = [];
	const unknown: string[] = [];
	const bare: string[] = [];
	for (const token of tokens.filter(({index}) => index < end)) {
		if (token.kind === 'positional') {
			operands.push(token.value);
		} else if (token.kind === 'option') {
			const name = names.get(token.name);
			const field = fields[name ?? ''];
			const value = givenValue(token) ?? (field && !takesValue(field) ? 'true' : '');
			if (name === undefined) {
				unknown.push(token.rawName);
			} else if (value === '') {
				bare.push(token.rawName);
			} else {
				flags.push(`${flagName(name)}=${value}`);
			}
		}
	}

	return {flags, operands: [...operands, ...words.slice(end)], unknown, bare};
}

/** Of a single letter docker takes `-p=80`, too. */
function givenValue({rawName, value}: Extract<Token, {kind: 'option'}>): string | undefined {
	return rawName.startsWith('--') ? value : value?.replace(/^=/, '');
}

function tokensOf(words: readonly string[], fields: Fields): readonly Token[] {
	const options = Object.fromEntries(
		Object.entries(fields).flatMap(([name, field]) => {
			const type = takesValue(field) ? ('string' as const) : ('boolean' as const);
			const short = field.short === undefined ? {} : {short: field.short};
			const aliases = field.aliases?.map(alias => [alias, {type}]) ?? [];
			return [[flagName(name).slice(2), {type, ...short}], ...aliases];
		}),
	);
	return parseArgs({args: [...words], options, strict: false, allowPositionals: true, tokens: true}).tokens;
}

/** Long name or alias, without dashes → field. */
export function namesOf(fields: Fields): ReadonlyMap<string, string> {
	return new Map(
		Object.entries(fields).flatMap(([name, {aliases = []}]) => [
			[flagName(name).slice(2), name] as const,
			...aliases.map(alias => [alias, name] as const),
		]),
	);
}

/** Field → the texts given for it, in order. */
export type Collected = Readonly<Record<string, readonly string[]>>;

export function collect(flags: readonly string[], fields: Fields): Collected {
	const names = namesOf(fields);
	const collected: Record<string, string[]> = {};
	for (const flag of flags) {
		const [, long = '', value = ''] = /^--([^=]+)=([\s\S]*)$/.exec(flag) ?? [];
		const name = names.get(long) ?? long;
		collected[name] = [...(collected[name] ?? []), value];
	}

	return collected;
}
