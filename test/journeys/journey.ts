/** What a person does in a terminal, and must see there; a line of a file each. */
export type Journey = {
	readonly name: string;
	/** Its file without folder and ending. */
	readonly file: string;
	readonly steps: readonly Step[];
};

export type Step = {readonly verb: Verb; readonly rest: string; readonly line: number};

/** What a line may begin with; player.ts tells what follows. */
export const verbs = [
	'on',
	'size',
	'press',
	'type',
	'paste',
	'click',
	'wheel',
	'scribble',
	'see',
	'gone',
	'row',
	'cluster',
	'editor',
	'config',
	'wrote',
	'only wrote',
	'signal',
	'hang up',
	'ends',
	'restored',
] as const;
export type Verb = (typeof verbs)[number];

/** A heading `# name` begins a journey; what follows `//` and empty lines are for the reader. */
export function readJourneys(file: string, text: string): readonly Journey[] {
	const journeys: Array<{name: string; file: string; steps: Step[]}> = [];
	for (const [index, raw] of text.split('\n').entries()) {
		const line = raw.trim();
		if (line === '' || line.startsWith('//')) {
			continue;
		}

		if (line.startsWith('# ')) {
			journeys.push({name: line.slice(2), file, steps: []});
			continue;
		}

		const steps = journeys.at(-1)?.steps;
		if (steps === undefined) {
			throw new Error(`${file}:${index + 1}: a journey begins with a heading: # name`);
		}

		steps.push(readStep(file, line, index + 1));
	}

	return journeys;
}

function readStep(file: string, text: string, line: number): Step {
	const verb = verbs.find(one => text === one || text.startsWith(`${one} `));
	if (verb === undefined) {
		throw new Error(`${file}:${line}: a step begins with one of ${verbs.join(', ')}, not: ${text}`);
	}

	return {verb, rest: text.slice(verb.length).trim(), line};
}
