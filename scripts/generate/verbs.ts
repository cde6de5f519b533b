import {nouns, topLevel, type VerbEntry} from '../../source/commands/nouns.ts';
import type {Verb} from '../../source/commands/verb.ts';

export type NamedVerb = {readonly path: string; readonly summary: string; readonly verb: Verb};

/** Every command once: those at the top that a noun has, too, are told with their noun. */
export async function allVerbs(): Promise<readonly NamedVerb[]> {
	const ofNouns = nouns.flatMap(({name, verbs}) => verbs.map(entry => ({path: `${name} ${entry.name}`, entry})));
	const known = new Set<VerbEntry>(nouns.flatMap(({verbs}) => verbs));
	const top = topLevel.filter(entry => !known.has(entry)).map(entry => ({path: entry.name, entry}));
	return Promise.all(
		[...ofNouns, ...top].map(async ({path, entry}) => ({path, summary: entry.summary, verb: await entry.load()})),
	);
}

/** `scale` is the same as `service scale`. */
export function shortcuts(): ReadonlyMap<string, string> {
	return new Map(
		topLevel.flatMap(entry => {
			const noun = nouns.find(({verbs}) => verbs.includes(entry));
			return noun === undefined ? [] : [[entry.name, `${noun.name} ${entry.name}`] as const];
		}),
	);
}
