import type {Field, Fields} from '../actions/action.ts';
import {flagName} from '../actions/fields/equal-command.ts';
import {fitWidth} from '../core/text/text.ts';
import {sharedFields} from './arguments/shared-flags.ts';
import {type Noun, nouns, topLevel, type VerbEntry} from './nouns.ts';
import type {Operand, Verb} from './verb.ts';

const titleWidth = 26;

function row(left: string, right: string, width = titleWidth): string {
	return left.length > width - 2 ? `  ${left}\n${' '.repeat(width + 2)}${right}` : `  ${fitWidth(left, width)}${right}`;
}

function rows(entries: readonly VerbEntry[]): string[] {
	return entries.map(({name, summary}) => row(name, summary, 12));
}

/** `-p, --publish PORT:TARGET`. */
export function flagTitle(name: string, {short, placeholder}: Field<unknown>): string {
	const long = `${flagName(name)}${placeholder === undefined ? '' : ` ${placeholder}`}`;
	return short === undefined ? `    ${long}` : `-${short}, ${long}`;
}

function flagRows(fields: Fields): string[] {
	return Object.entries(fields).map(([name, field]) => row(flagTitle(name, field), flagHelp(field)));
}

export function flagHelp({help, many, fallback, format}: Field<unknown>): string {
	const given = fallback === undefined ? '' : ` (default: ${format ? format(fallback) : fallback})`;
	return `${help}${many ? ' (may be repeated)' : ''}${given}`;
}

export function usageOf(path: string, {operands, fields}: Pick<Verb, 'operands' | 'fields'>): string {
	const flags = Object.keys(fields).length === 0 ? [] : ['[FLAGS]'];
	return ['muster', path, ...flags, ...operands.map(operandText)].join(' ');
}

function operandText({name, optional, many}: Operand): string {
	const text = `${name}${many ? '…' : ''}`;
	return optional ? `[${text}]` : text;
}

export function topHelp(): string {
	return [
		'muster: a cluster manager for the terminal',
		'',
		'  muster                      opens the dashboard',
		'  muster NOUN VERB [FLAGS] …  does one thing; muster NOUN VERB --help tells more',
		'',
		...nouns.map(({name, verbs}) => row(name, verbs.map(verb => verb.name).join(' '), 12)),
		'',
		...rows(topLevel),
		'',
		'Flags that may stand anywhere:',
		...flagRows(sharedFields),
		`${row('    --version', 'Show the version')}\n`,
	].join('\n');
}

export function nounHelp({name, summary, verbs}: Noun): string {
	return [`muster ${name}: ${summary}`, '', ...rows(verbs), '', `muster ${name} VERB --help tells more.\n`].join('\n');
}

export function verbHelp(path: string, summary: string, verb: Verb): string {
	const {details, examples = [], fields} = verb;
	const flags = flagRows(fields);
	return [
		`${summary}.`,
		'',
		`  ${usageOf(path, verb)}`,
		...(details === undefined ? [] : ['', details]),
		...(examples.length === 0 ? [] : ['', 'Examples:', ...examples.map(example => `  ${example}`)]),
		...(flags.length === 0 ? [] : ['', 'Flags:', ...flags]),
		'',
		'muster --help shows the flags that may stand anywhere.\n',
	].join('\n');
}
