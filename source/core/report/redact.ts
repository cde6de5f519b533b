/** What a report may not tell, and what stands in its place. */
export type Private = {
	readonly text: string;
	readonly shown: string;
	/** Also within longer words; else only as a word of its own. */
	readonly anywhere?: boolean;
};

const patterns: ReadonlyArray<readonly [RegExp, string]> = [
	[/-----BEGIN .*/g, '<hidden>'],
	[/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1<hidden>@'],
	[
		/((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?|cookie|authorization)["']?\s*[=:]\s*)(?:(?:bearer|basic)\s+)?(?:"[^"]*"|'[^']*'|\S+)/gi,
		'$1<hidden>',
	],
	[/\b(bearer|basic)\s+\S+/gi, '$1 <hidden>'],
	[/[^\s@"'<>]+@[^\s@"'<>]+\.[a-z]{2,}/gi, '<address>'],
	[/\b(?!127\.|0\.0\.0\.0\b)\d{1,3}(?:\.\d{1,3}){3}\b/g, '<address>'],
	[/(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})(?![\w:])(?<!\d\d:\d\d:\d\d)/gi, '<address>'],
	[/\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.){2,}[a-z]{2,}\b/gi, '<host>'],
];

/** Long enough for a key, and of more kinds of characters than words and paths have. */
const longWord = /[\w+/=-]{24,}/g;

/**
 * Takes out of a line what is known to be private, then what looks as if it were: addresses, names of hosts, passwords, keys. Rather
 * too much than too little: whoever reads a report wants to know what happened, not to whom.
 */
export function createRedactor(known: readonly Private[]): (line: string) => string {
	const shown = new Map(known.filter(({text}) => text !== '').map(item => [item.text, item]));
	const ordered = [...shown.values()].toSorted((a, b) => b.text.length - a.text.length);
	const alternatives = ordered.map(({text, anywhere}) =>
		anywhere ? escaped(text) : `(?<![\\w-])${escaped(text)}(?![\\w-])`,
	);
	const all = alternatives.length === 0 ? undefined : new RegExp(alternatives.join('|'), 'g');
	return line => {
		const first = all ? line.replace(all, found => shown.get(found)?.shown ?? '<hidden>') : line;
		return patterns
			.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), first)
			.replace(longWord, word => (isKey(word) ? '<hidden>' : word));
	};
}

function isKey(word: string): boolean {
	const hasDigits = /\d/.test(word);
	return hasDigits && ((/[a-z]/.test(word) && /[A-Z]/.test(word)) || /^[0-9a-f]+$/i.test(word));
}

function escaped(text: string): string {
	return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
