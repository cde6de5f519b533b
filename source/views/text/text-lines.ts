import {displayWidth, stripControl} from '../../core/text/text.ts';
import type {TextLines} from '../screen.ts';
import type {Place} from '../state.ts';
import type {Ui} from '../ui.ts';
import {highlighted} from '../widgets/highlight.ts';
import {type Span, safe, spanText, withoutColumns} from '../widgets/line.ts';
import type {Pattern} from './pattern.ts';

/** As it is read: what was found in it stands where it is seen. */
export function lineText(lines: TextLines, index: number): string {
	return lines
		.at(index)
		.map(spanText)
		.map(text => stripControl(text))
		.join('');
}

/** All of it as the text of a file, without the space that every line begins with. */
export function wholeText(lines: TextLines): string {
	return Array.from(
		{length: lines.count},
		(_, index) => `${lineText(lines, index).replace(/^ /, '').trimEnd()}\n`,
	).join('');
}

/** One line of a place: from where it was scrolled to, what is looked for marked, `▸` before the line that the search is at. */
export function placedLine(lines: TextLines, index: number, {search, pan = 0}: Place): readonly Span[] {
	const spans = lines.at(index).map(safe);
	if (search === undefined && pan === 0) {
		return spans;
	}

	const text = spans.map(spanText).join('');
	const found = search === undefined ? spans : highlighted(spans, search.pattern.ranges(text));
	if (!text.startsWith(' ')) {
		return withoutColumns(found, pan);
	}

	// Every line begins with a space, which stays where it is.
	const gutter: Span = search?.at === index ? {role: 'key', text: '▸'} : ' ';
	return [gutter, ...withoutColumns(withoutColumns(found, 1), pan)];
}

/** So that it can be seen, a match far to the right has the text moved; one near the beginning has it moved back. */
export function panFor(text: string, pattern: Pattern, {columns, pan}: {columns: number; pan: number}): number {
	const [range] = pattern.ranges(text);
	if (range === undefined) {
		return pan;
	}

	const from = displayWidth(text.slice(0, range[0]));
	const to = displayWidth(text.slice(0, range[1]));
	if (to < columns) {
		return 0;
	}

	return from > pan && to < pan + columns ? pan : Math.max(0, from - Math.floor(columns / 2));
}

type Found = {readonly pattern: Pattern; readonly indexes: readonly number[]};
const known = new WeakMap<TextLines, Found>();

/** The lines that a pattern finds. */
export function foundIn(lines: TextLines, pattern: Pattern): readonly number[] {
	let found = known.get(lines);
	if (found?.pattern !== pattern) {
		const all = Array.from({length: lines.count}, (_, index) => index);
		found = {pattern, indexes: all.filter(index => pattern.matches(lineText(lines, index)))};
		known.set(lines, found);
	}

	return found.indexes;
}

/** `/limit 3/12`: what is looked for, and which of those found the search is at. */
export function searchText({place: {search}, text}: Ui): string | undefined {
	if (search === undefined) {
		return undefined;
	}

	const found = foundIn(text, search.pattern);
	const at = search.at === undefined ? -1 : found.indexOf(search.at);
	const which = found.length === 0 ? 'not found' : at === -1 ? String(found.length) : `${at + 1}/${found.length}`;
	return `/${search.text} ${which}`;
}
