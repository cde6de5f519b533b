import type {Fields} from '../actions/action.ts';
import {flagName} from '../actions/fields/equal-command.ts';
import type {Kind} from '../core/model/index.ts';
import {stripControl} from '../core/text/text.ts';
import {namesOf, spell} from './arguments/read-flags.ts';
import {sharedFields} from './arguments/shared-flags.ts';
import {findVerb} from './find-verb.ts';
import {nouns, topLevel} from './nouns.ts';
import {type Call, takesValue, type Verb} from './verb.ts';

/** What can come after these words. Never starts a daemon, and never fails: then there is nothing to offer. */
export async function wordsAfter(words: readonly string[], call: Call): Promise<readonly string[]> {
	try {
		return await offer(words, call);
	} catch {
		return [];
	}
}

async function offer(words: readonly string[], call: Call): Promise<readonly string[]> {
	if (words.length === 0) {
		return [...nouns.map(({name}) => name), ...topLevel.map(({name}) => name), ...flagsOf(sharedFields)];
	}

	const noun = nouns.find(({name, aliases}) => name === words.at(-1) || aliases.includes(words.at(-1) ?? ''));
	if (noun && words.length === 1) {
		return noun.verbs.map(({name}) => name);
	}

	const asked = findVerb(words);
	if (asked.type !== 'verb') {
		return [];
	}

	const verb = await asked.entry.load();
	return afterVerb(verb, asked.words, call);
}

async function afterVerb(verb: Verb, words: readonly string[], call: Call): Promise<readonly string[]> {
	const fields = {...sharedFields, ...verb.fields};
	const last = words.at(-1) ?? '';
	const name = last.startsWith('--') ? namesOf(fields).get(last.slice(2)) : shortOf(fields, last);
	const field = name === undefined ? undefined : (fields as Fields)[name];
	if (field && takesValue(field)) {
		return field.choices ?? [];
	}

	const {operands} = spell(words, fields, verb.flagsEndAfter);
	if (verb.flagsEndAfter !== undefined && operands.length >= verb.flagsEndAfter) {
		return [];
	}

	const operand = verb.operands[Math.min(operands.length, verb.operands.length - 1)];
	const isFull = operands.length >= verb.operands.length && !operand?.many;
	const names = operand?.completes === undefined || isFull ? [] : await namesOfKind(operand.completes, call);
	const sign = /[=:]/.exec(operand?.name.replace(/\[.*?\]/g, '') ?? '')?.[0] ?? '';
	const assigned = names.map(one => `${one}${sign}`);
	return [...assigned.filter(one => !operands.includes(one)), ...flagsOf(fields)];
}

function shortOf(fields: Fields, word: string): string | undefined {
	return Object.keys(fields).find(name => fields[name]?.short !== undefined && word === `-${fields[name]?.short}`);
}

function flagsOf(fields: Fields): string[] {
	return Object.keys(fields).map(flagName);
}

async function namesOfKind(kind: Kind, call: Call): Promise<string[]> {
	const backend = await call.backend({autoStart: false});
	const {items} = await backend.list({kind});
	return items.map(({name}) => stripControl(name));
}
