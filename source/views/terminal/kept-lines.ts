import {isOneColumnEach} from '../../core/text/text.ts';

type Options = {readonly transformers: ReadonlyArray<(line: string, index: number) => string>};
type Operation = {readonly type: string; readonly x: number; readonly y: number; readonly text: string} & Options;

/** What Ink draws a frame on, as far as it is used here: its own module, which it does not export. */
export type Output = {
	readonly width: number;
	readonly height: number;
	readonly operations: readonly Operation[];
	write(x: number, y: number, text: string, options: Options): void;
	get(): {output: string; height: number};
};

type OutputClass = new (options: {readonly width: number; readonly height: number}) => Output;

/**
 * Ink's output that draws a line anew only where it differs from all lines of the frame before. Ink takes each line of each
 * frame apart into cells and puts it together again: 6 ms for 50 lines of 200 columns, of which a key changes two or three.
 * Each line is still drawn by Ink itself, alone, and with a single letter in the place of each text of simple letters, so that
 * rows that differ in these only are drawn once; what is not whole lines, one each row, is drawn by Ink as it is.
 * scripts/build.mjs puts it in the place of Ink's.
 */
export function keepingLines(Original: OutputClass): OutputClass {
	let kept: ReadonlyMap<string, string> = new Map();
	/** By width and styles alone: the rows of a list have few. */
	const outlines = new Map<string, string>();

	function draw(width: number, text: string): string {
		const {texts, outline} = outlineOf(text);
		if (!texts.every(piece => isOneColumnEach(piece))) return drawAlone(Original, width, text);
		const key = `${width} ${outline}`;
		let drawn = outlines.get(key);
		if (drawn === undefined) {
			drawn = drawAlone(Original, width, outline);
			if (outlines.size >= mostOutlines) outlines.clear();
			outlines.set(key, drawn);
		}

		let at = 0;
		return drawn.replaceAll(standIn, () => texts[at++] ?? '').trimEnd();
	}

	return class extends Original {
		override get() {
			const {width, height, operations} = this;
			const texts = wholeLines(operations, height);
			if (texts === undefined) return super.get();
			const drawn = new Map<string, string>([['', '']]);
			for (const text of texts) {
				if (!drawn.has(text)) drawn.set(text, kept.get(text) ?? draw(width, text));
			}

			kept = drawn;
			return {output: texts.map(text => drawn.get(text)).join('\n'), height};
		}
	};
}

/** By row, empty where nothing is written; undefined where it is anything else. */
function wholeLines(operations: readonly Operation[], height: number): readonly string[] | undefined {
	const texts = new Array<string>(height).fill('');
	for (const {type, x, y, text, transformers} of operations) {
		const isWhole = type === 'write' && x === 0 && !text.includes('\n');
		// A Text has one always, which does nothing where it has no style of its own.
		if (!isWhole || texts[y] !== '' || transformers.some(transform => transform(text, 0) !== text)) return undefined;
		texts[y] = text;
	}

	return texts;
}

const style = /(\u{1B}\[[\d;]*m)/u;
/** In the place of each text between two styles; no style has this letter. */
const standIn = 'x';
const mostOutlines = 500;

/** A line with one letter for each text: what Ink makes of its styles is the same. */
function outlineOf(line: string): {readonly texts: readonly string[]; readonly outline: string} {
	const pieces = line.split(style);
	const texts = pieces.filter((piece, index) => index % 2 === 0 && piece !== '');
	const outline = pieces.map((piece, index) => (index % 2 === 1 || piece === '' ? piece : standIn)).join('');
	return {texts, outline};
}

function drawAlone(Original: OutputClass, width: number, text: string): string {
	const output = new Original({width, height: 1});
	output.write(0, 0, text, {transformers: []});
	return output.get().output;
}
