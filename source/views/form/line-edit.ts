import {type Key, typedText} from '../input/keys.ts';

/** A line of text that is typed, and where in it: in characters, so that none is cut apart. */
export type Line = {readonly text: string; readonly caret: number};

/** Longer than anything that makes sense in one line. */
const maxLength = 10_000;

export function lineOf(text: string): Line {
	return {text, caret: [...text].length};
}

/** What a key makes of a line; the same line where it does nothing to it. */
export function editLine(line: Line, key: Key): Line {
	const characters = [...line.text];
	const {caret} = line;
	switch (key) {
		case 'left':
		case 'ctrl-b':
			return moved(line, caret - 1);
		case 'right':
		case 'ctrl-f':
			return moved(line, caret + 1);
		case 'home':
		case 'ctrl-a':
			return moved(line, 0);
		case 'end':
		case 'ctrl-e':
			return moved(line, characters.length);
		case 'backspace':
			return cut(line, caret - 1, caret);
		case 'delete':
			return cut(line, caret, caret + 1);
		case 'ctrl-u':
			return cut(line, 0, caret);
		case 'ctrl-k':
			return cut(line, caret, characters.length);
		case 'ctrl-w':
			return cut(line, wordStart(characters, caret), caret);
		default:
			return insert(line, typedText(key) ?? '');
	}
}

/** Text put in as it is: breaks of lines become spaces. */
export function insert({text, caret}: Line, added: string): Line {
	const characters = [...text];
	const more = [...added.replace(/\r\n|[\r\n]/g, ' ')].slice(0, Math.max(0, maxLength - characters.length));
	return more.length === 0
		? {text, caret}
		: {
				text: [...characters.slice(0, caret), ...more, ...characters.slice(caret)].join(''),
				caret: caret + more.length,
			};
}

function moved(line: Line, wanted: number): Line {
	const caret = Math.max(0, Math.min(wanted, [...line.text].length));
	return caret === line.caret ? line : {...line, caret};
}

function cut(line: Line, from: number, to: number): Line {
	const characters = [...line.text];
	const start = Math.max(0, from);
	return start >= to || start >= characters.length
		? line
		: {text: [...characters.slice(0, start), ...characters.slice(to)].join(''), caret: start};
}

function wordStart(characters: readonly string[], caret: number): number {
	let start = caret;
	while (start > 0 && characters[start - 1] === ' ') {
		start--;
	}

	while (start > 0 && characters[start - 1] !== ' ') {
		start--;
	}

	return start;
}
