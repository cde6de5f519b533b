import {ClusterError} from '../../core/error.ts';

/** A word as a POSIX shell reads it back: bare where it can be, else in single quotes. */
export function quote(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Words of a line as a shell splits it: quotes and backslashes, nothing else. Undefined: a quote is not closed.
 */
export function splitWords(line: string): string[] | undefined {
	const token = /\s+|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|([^\s'"\\]+)/y;
	const words: string[] = [];
	let word: string | undefined;
	while (token.lastIndex < line.length) {
		const found = token.exec(line);
		if (found === null) {
			return undefined;
		}

		const [, single, double, escaped, bare] = found;
		const part = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare;
		if (part !== undefined) {
			word = (word ?? '') + part;
		} else if (word !== undefined) {
			words.push(word);
			word = undefined;
		}
	}

	return word === undefined ? words : [...words, word];
}

/** The words of a command that a flag gives as one text. Throws `usage`. */
export function commandWords(flag: string, text: string): string[] {
	const words = splitWords(text);
	if (words === undefined) {
		throw new ClusterError('usage', `${flag}: a quote is not closed in ${JSON.stringify(text)}`);
	}

	return words;
}
