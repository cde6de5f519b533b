/*
 * Text from a cluster (names, labels, logs, reasons) is hostile: whatever goes to a terminal passes `stripControl`, and
 * whatever is lined up is measured by `displayWidth`.
 */

/** Whole escape sequences: strings (OSC, DCS, SOS, PM, APC) up to their end, CSI, and the short ones; 7 and 8 bit. */
const escapeSequence =
	/(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?|\x1b[\x20-\x2f]*[\x30-\x7e]?/g;
/** What breaks a line or moves within it. */
const lineBreak = /\r\n|[\n\r\v\f\x85\u2028\u2029]/g;
/** Controls that are left, and what reorders text (bidirectional marks, embeddings, overrides, isolates). */
const invisible =
	/[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const suspicious =
	/[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/u;

/**
 * One line that is safe for a terminal: escape sequences are taken out, line breaks become a space, a tab what is given,
 * and every other control or reordering character is shown as `<1b>`, `<202e>`.
 */
export function stripControl(text: string, tab = ' '): string {
	if (!suspicious.test(text)) {
		return text;
	}

	return text
		.toWellFormed()
		.replace(escapeSequence, '')
		.replace(lineBreak, ' ')
		.replaceAll('\t', tab)
		.replace(invisible, found => (found === '\t' ? found : `<${(found.codePointAt(0) ?? 0).toString(16)}>`));
}

/** Letters, arrows, lines and blocks that all take one column; telling graphemes apart is slow, and loads ICU. */
const oneColumn =
	/^[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2015\u2018-\u2027\u2030-\u203a\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2713\u2717\u27f3\u2800-\u28ff]*$/;
/** Takes no column of its own: combining marks, joiners, variation selectors. */
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
const wide =
	/^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u231a\u231b\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}])/u;

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as one character each, and where it is. */
export function graphemesOf(text: string): Iterable<{readonly segment: string; readonly index: number}> {
	segmenter ??= new Intl.Segmenter('en', {granularity: 'grapheme'});
	return segmenter.segment(text);
}

function graphemes(text: string): string[] {
	return Array.from(graphemesOf(text), ({segment}) => segment);
}

/** Whether each letter is a character and a column by itself; what is not looked at more closely is not. */
export function isOneColumnEach(text: string): boolean {
	return oneColumn.test(text);
}

function graphemeWidth(grapheme: string): number {
	if (wide.test(grapheme) || grapheme.includes('\ufe0f')) {
		return 2;
	}

	const [first = ''] = grapheme;
	return zeroWidth.test(first) ? 0 : 1;
}

/** Columns that a stripped text takes on a terminal. */
export function displayWidth(text: string): number {
	if (oneColumn.test(text)) {
		return text.length;
	}

	return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

/** The beginning of a text that takes at most so many columns; `…` is its last where something was cut off. */
export function truncate(text: string, columns: number): string {
	if (displayWidth(text) <= columns) {
		return text;
	}

	if (columns <= 0) {
		return '';
	}

	if (oneColumn.test(text)) {
		return `${text.slice(0, columns - 1)}…`;
	}

	let kept = '';
	let width = 0;
	for (const grapheme of graphemes(text)) {
		width += graphemeWidth(grapheme);
		if (width > columns - 1) {
			break;
		}

		kept += grapheme;
	}

	return `${kept}…`;
}

/** The end of a name tells it from others as often as its beginning: `web-5f6c7d-x2lqp` is of as many columns as this. */
const toldApartColumns = 6;

/** A name in at most so many columns: where it is longer, its beginning and its end around a `…`. */
export function shorten(text: string, columns: number): string {
	const width = displayWidth(text);
	if (width <= columns || columns < toldApartColumns) {
		return truncate(text, columns);
	}

	const end = Math.min(Math.floor((columns - 1) / 2), Math.max(toldApartColumns, Math.floor((columns - 1) / 3)));
	return truncate(text, columns - end) + dropColumns(text, width - end);
}

/** What is left of a text without its first columns; of a character that is cut through, a space. */
export function dropColumns(text: string, columns: number): string {
	if (columns <= 0 || oneColumn.test(text)) {
		return text.slice(Math.max(0, columns));
	}

	let left = columns;
	for (const {segment, index} of graphemesOf(text)) {
		if (left <= 0) {
			return ' '.repeat(-left) + text.slice(index);
		}

		left -= graphemeWidth(segment);
	}

	return ' '.repeat(Math.max(0, -left));
}

/** Exactly so many columns: filled up with spaces, or cut off. */
export function fitWidth(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
	const kept = truncate(text, columns);
	const space = ' '.repeat(Math.max(0, columns - displayWidth(kept)));
	return align === 'left' ? kept + space : space + kept;
}

/** A name in exactly so many columns. */
export function fitName(text: string, columns: number): string {
	return fitWidth(shorten(text, columns), columns);
}

/** `key=value, flag`. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
	return Object.entries(labels)
		.map(([key, value]) => (value === '' ? key : `${key}=${value}`))
		.join(', ');
}

/** A stripped text in pieces of at most so many columns each, and no more than there is; an empty one is one piece. */
export function wrapText(text: string, columns: number): readonly string[] {
	const width = Math.max(1, columns);
	if (oneColumn.test(text)) {
		const count = Math.max(1, Math.ceil(text.length / width));
		return Array.from({length: count}, (_, index) => text.slice(index * width, (index + 1) * width));
	}

	const pieces: string[] = [];
	let piece = '';
	let used = 0;
	for (const grapheme of graphemes(text)) {
		const more = graphemeWidth(grapheme);
		if (used + more > width && piece !== '') {
			pieces.push(piece);
			piece = '';
			used = 0;
		}

		piece += grapheme;
		used += more;
	}

	return [...pieces, piece];
}

/** How many pieces `wrapText` makes. */
export function wrappedCount(text: string, columns: number): number {
	return oneColumn.test(text)
		? Math.max(1, Math.ceil(text.length / Math.max(1, columns)))
		: wrapText(text, columns).length;
}
