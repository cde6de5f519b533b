import type {Field, Fields} from '../../actions/action.ts';
import {flagName} from '../../actions/fields/equal-command.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Operand, Verb} from '../verb.ts';
import {type Collected, collect, namesOf, spell} from './read-flags.ts';
import {type SharedFlags, sharedFields} from './shared-flags.ts';

export type Parsed = {
	readonly flags: Readonly<Record<string, unknown>>;
	readonly shared: SharedFlags;
	readonly operands: readonly string[];
};

type Parts = Pick<Verb, 'fields' | 'operands' | 'flagsEndAfter' | 'writes'>;

/** Understands the words behind a verb. Throws `usage` that names the flag, what was found, and what is allowed. */
export async function parse(verb: Parts, words: readonly string[]): Promise<Parsed> {
	const fields: Fields = {...sharedFields, ...verb.fields};
	const {flags, operands, unknown, bare} = spell(words, fields, verb.flagsEndAfter);
	if (unknown[0] !== undefined) {
		throw unknownFlag(unknown[0], fields);
	}

	if (bare[0] !== undefined) {
		throw new ClusterError('usage', `${bare[0]} needs a value`);
	}

	const values = readValues(await collected(verb, flags, fields), fields);
	const shared = pick(values, Object.keys(sharedFields)) as SharedFlags;
	if (!shared.help) {
		checkOperands(verb.operands, operands);
	}

	return {flags: pick(values, Object.keys(verb.fields)), shared, operands};
}

async function collected({writes}: Parts, flags: readonly string[], fields: Fields): Promise<Collected> {
	if (!writes) {
		return collect(flags, fields);
	}

	const {collectWithMeow} = await import('./read-flags-meow.ts');
	return collectWithMeow(flags, fields);
}

function pick(values: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(names.flatMap(name => (values[name] === undefined ? [] : [[name, values[name]]])));
}

function readValues(texts: Collected, fields: Fields): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(fields).map(([name, field]) => [name, readValue(flagName(name), field, texts[name] ?? [])]),
	);
}

function readValue(flag: string, field: Field<unknown>, texts: readonly string[]): unknown {
	if (texts.length === 0) {
		return field.fallback;
	}

	if (!field.many && texts.length > 1) {
		throw new ClusterError('usage', `${flag} is given ${texts.length} times, and can be given only once`);
	}

	const values = texts.map(text => parseValue(flag, field, text));
	return field.many ? values : values[0];
}

/** `what` names the flag, or what else a refusal is to be about. */
export function parseValue(what: string, field: Field<unknown>, text: string): unknown {
	try {
		return field.parse(text);
	} catch (error) {
		throw about(what, toClusterError(error));
	}
}

function about(what: string, cause: ClusterError): ClusterError {
	return new ClusterError(cause.code, `${what}: ${stripControl(cause.message)}`, {hint: cause.hint, cause});
}

function unknownFlag(written: string, fields: Fields): ClusterError {
	const meant = written.startsWith('--') ? nearMiss(written.slice(2), [...namesOf(fields).keys()]) : undefined;
	return new ClusterError('usage', `there is no flag ${stripControl(written)}`, {
		hint: meant === undefined ? undefined : `did you mean --${meant}?`,
	});
}

/** Of `service|node NAME`: what stands for another word is said before that something is missing behind it. */
function wrongWord(operands: readonly Operand[], words: readonly string[]): string | undefined {
	for (const [index, word] of words.entries()) {
		const {name = ''} = operands[index] ?? {};
		const choices = name.split('|');
		if (/^[a-z]+\|[a-z|]+$/.test(name) && !choices.includes(word.replace(/s$/, ''))) {
			return `${JSON.stringify(stripControl(word))} is not one of ${choices.join(', ')}`;
		}
	}

	return undefined;
}

function checkOperands(operands: readonly Operand[], words: readonly string[]): void {
	const missing = operands.filter(({optional}) => !optional)[words.length];
	if (missing !== undefined) {
		throw new ClusterError('usage', wrongWord(operands, words) ?? `${missing.name} is missing`);
	}

	const extra = operands.at(-1)?.many ? undefined : words[operands.length];
	if (extra !== undefined) {
		const allowed =
			operands.length === 0 ? 'none is allowed' : `only ${operands.map(({name}) => name).join(' ')} is allowed`;
		throw new ClusterError('usage', `the argument ${JSON.stringify(stripControl(extra))} is one too many: ${allowed}`);
	}
}
