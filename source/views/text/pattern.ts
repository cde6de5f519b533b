/** What lines are looked for by, or narrowed to. */
export type Pattern = {
	matches(text: string): boolean;
	/** Where in a text: from, and up to before. */
	ranges(text: string): ReadonlyArray<readonly [from: number, to: number]>;
	/** Why it is not read as it may have been meant. */
	readonly note?: string;
};

/** A pattern, and how it was typed. */
export type Written = {readonly text: string; readonly pattern: Pattern};

export function written(text: string): Written | undefined {
	const pattern = parsePattern(text);
	return pattern && {text, pattern};
}

/** A regular expression (small letters find capitals too), `!` inverts; what is none is looked for as it stands. */
export function parsePattern(written: string): Pattern | undefined {
	const isInverse = written.startsWith('!');
	const text = isInverse ? written.slice(1) : written;
	if (text === '') {
		return undefined;
	}

	const {expression, note} = read(text);
	return {
		// A match of nothing finds every line, and says nothing.
		matches: line => (line.search(expression) !== -1) !== isInverse,
		ranges: line => (isInverse ? [] : rangesOf(line, expression)),
		...(note === undefined ? {} : {note}),
	};
}

function read(text: string): {readonly expression: RegExp; readonly note?: string} {
	const flags = /[A-Z]/.test(text) ? 'gu' : 'giu';
	try {
		return {expression: new RegExp(text, flags)};
	} catch {
		const escaped = text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
		return {expression: new RegExp(escaped, flags), note: 'no regular expression, taken as text'};
	}
}

/** More than anyone sees on a line. */
const mostRanges = 200;

function rangesOf(line: string, expression: RegExp): Array<readonly [number, number]> {
	const ranges: Array<readonly [number, number]> = [];
	for (const {0: found, index} of line.matchAll(expression)) {
		if (found !== '') {
			ranges.push([index, index + found.length]);
		}

		if (ranges.length >= mostRanges) {
			break;
		}
	}

	return ranges;
}
