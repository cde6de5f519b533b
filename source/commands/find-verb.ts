import {ClusterError} from '../core/error.ts';
import {nearMiss} from '../core/text/near-miss.ts';
import {stripControl} from '../core/text/text.ts';
import {sharedFields} from './arguments/shared-flags.ts';
import {type Noun, nouns, topLevel, type VerbEntry} from './nouns.ts';
import {takesValue} from './verb.ts';

/** What the first words of a command line ask for. `words` is what is left, shared flags from before the verb first. */
export type Asked =
	| {readonly type: 'verb'; readonly path: string; readonly entry: VerbEntry; readonly words: readonly string[]}
	/** A noun without a verb. */
	| {readonly type: 'noun'; readonly noun: Noun; readonly words: readonly string[]}
	/** Nothing but flags. */
	| {readonly type: 'nothing'; readonly words: readonly string[]};

const fieldsByFlag = new Map(
	Object.entries(sharedFields).flatMap(([name, field]) => {
		const long = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
		return [[long, field] as const, ...('short' in field && field.short ? [[`-${field.short}`, field] as const] : [])];
	}),
);

/** Takes the verb out of a command line. Throws `usage` where there is no such verb. */
export function findVerb(given: readonly string[]): Asked {
	// As git and docker have it: `muster help service create`.
	const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
	const flags: string[] = [];
	const first = nextWord(argv, 0, flags);
	const word = argv[first];
	if (word === undefined) {
		return {type: 'nothing', words: flags};
	}

	const noun = nouns.find(({name, aliases}) => name === word || aliases.includes(word));
	const second = nextWord(argv, first + 1, flags);
	const entry = noun && byName(noun.verbs, argv[second]);
	if (noun && entry) {
		return {type: 'verb', path: `${noun.name} ${entry.name}`, entry, words: [...flags, ...argv.slice(second + 1)]};
	}

	const top = byName(topLevel, word);
	if (top) {
		// What stood between was read as shared flags, which it need not be.
		const before = argv.slice(0, first);
		return {type: 'verb', path: top.name, entry: top, words: [...before, ...argv.slice(first + 1)]};
	}

	if (noun) {
		return withoutVerb(noun, word, argv[second], flags, argv[second - 1]);
	}

	const under = nouns.filter(({verbs}) => byName(verbs, word));
	throw under.length > 0
		? lacksNoun(word, under)
		: unknown(word, `muster`, [...topLevel.map(({name}) => name), ...nouns.map(({name}) => name)], argv[first - 1]);
}

function withoutVerb(
	noun: Noun,
	word: string,
	found: string | undefined,
	flags: readonly string[],
	before: string | undefined,
): Asked {
	const list = byName(noun.verbs, 'ls');
	if (found !== undefined) {
		throw unknown(
			found,
			`muster ${noun.name}`,
			noun.verbs.flatMap(({name, aliases = []}) => [name, ...aliases]),
			before,
		);
	}

	return word !== noun.name && list && !isHelp(flags)
		? {type: 'verb', path: `${noun.name} ls`, entry: list, words: flags}
		: {type: 'noun', noun, words: flags};
}

function isHelp(flags: readonly string[]): boolean {
	return flags.includes('--help') || flags.includes('-h');
}

function byName(entries: readonly VerbEntry[], word: string | undefined): VerbEntry | undefined {
	return entries.find(({name, aliases}) => word !== undefined && (name === word || aliases?.includes(word)));
}

/** Where the next word stands that is no shared flag; those before it go to `flags`. */
function nextWord(argv: readonly string[], from: number, flags: string[]): number {
	let index = from;
	for (; argv[index]?.startsWith('-'); index++) {
		const word = argv[index] ?? '';
		flags.push(word);
		const field = fieldsByFlag.get(word);
		if (field && takesValue(field) && argv[index + 1] !== undefined) {
			index++;
			flags.push(argv[index] ?? '');
		}
	}

	return index;
}

const mostMeant = 4;

function lacksNoun(word: string, having: readonly Noun[]): ClusterError {
	const meant = having.slice(0, mostMeant).map(({name}) => `muster ${name} ${word}`);
	return new ClusterError('usage', `muster has no command ${JSON.stringify(word)}`, {
		hint: `did you mean ${[...meant, ...(having.length > mostMeant ? ['…'] : [])].join(', ')}?`,
	});
}

function unknown(word: string, command: string, known: readonly string[], before?: string): ClusterError {
	const meant = nearMiss(word, known);
	// Which verb a flag is of is not known yet, nor whether the word is its value.
	const isNumber = /^\d/.test(word);
	if (
		(meant === undefined || isNumber) &&
		before?.startsWith('-') &&
		!before.includes('=') &&
		!fieldsByFlag.has(before)
	) {
		const flag = stripControl(before);
		return new ClusterError('usage', `${command} has no command ${JSON.stringify(stripControl(word))}`, {
			hint: `${flag} with its value stands behind the command, or is written ${flag}=${stripControl(word)}`,
		});
	}

	return new ClusterError('usage', `${command} has no command ${JSON.stringify(stripControl(word))}`, {
		hint: meant === undefined ? `${command} --help shows what there is` : `did you mean ${command} ${meant}?`,
	});
}
