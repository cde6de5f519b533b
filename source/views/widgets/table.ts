import {displayWidth} from '../../core/text/text.ts';
import type {ListState} from '../list/list.ts';
import type {Place, Size} from '../state.ts';
import type {Theme} from '../theme.ts';
import {type Column, columnGap, type LaidOut, layOut, type RowContext, readableColumns, totalWidth} from './columns.ts';
import {fitSpan, paintSpans, type Span, safe, shortenSpan, spansWidth, spanText} from './line.ts';

export type TableInput<R extends {readonly id: string}> = {
	/** Those that may be shown: what does not fit gives way. */
	readonly columns: ReadonlyArray<Column<R>>;
	readonly objects: readonly R[];
	readonly list: ListState;
	readonly place: Pick<Place, 'sort'>;
	readonly marked?: ReadonlySet<string>;
	readonly size: Size;
	readonly context: RowContext;
	readonly theme: Theme;
	/** Widths seen so far, by title: columns grow, and do not jump while one scrolls. */
	readonly widths: Map<string, number>;
	/** Told where the titles stand. */
	titlesAt?(spots: readonly TitleSpot[]): void;
	/** A sentence about a row, over the columns that are `underNote`. */
	note?(object: R, context: RowContext): Span | undefined;
};

/** Before each row: the cursor, and the mark. */
const gutter = 2;
const gap = ' '.repeat(columnGap);

/** Where the title of a column stands: from a column of the screen up to another. */
export type TitleSpot = {readonly title: string; readonly from: number; readonly to: number};

/** The lines of a list: titles, then as many rows as fit. Only what is seen is written. */
export function tableLines<R extends {readonly id: string}>(input: TableInput<R>): readonly string[] {
	const {objects, list, place, size, theme, context, widths} = input;
	const columns = input.columns.map(column => withArrow(column, place.sort));
	const visible = objects.slice(list.top, list.top + size.rows - 1);
	const rows = visible.map(object => columns.map(column => safe(column.cell(object, context))));
	const titles = columns.map(column => titleText(column, place.sort));
	for (const [index, column] of columns.entries()) {
		grow(widths, column, [titles[index] ?? '', ...rows.map(cells => spanText(cells[index] ?? ''))]);
	}

	const notes = visible.map(object => input.note?.(object, context)).map(note => note && safe(note));
	growNotes(widths, notes);
	const present = columns.filter(({ifAny}, index) => !ifAny || rows.some(cells => spanText(cells[index] ?? '') !== ''));
	const layout = withRoomForNotes(layOut(present, widths, size.columns - gutter), widths, size.columns - gutter);
	input.titlesAt?.(spotsOf(layout));
	const fitted = (cells: readonly Span[], note?: Span, object?: R) => fitRow(layout, columns, cells, note, object);
	const lines = visible.map((object, index) => {
		const isSelected = list.top + index === list.index;
		const mark: Span = input.marked?.has(object.id) ? {role: 'key', text: '✓'} : ' ';
		const spans = [isSelected ? '▸' : ' ', mark, ...fitted(rows[index] ?? [], notes[index], object)];
		return isSelected ? selectedLine(spans, size.columns, theme) : paintSpans(spans, size.columns, theme);
	});
	const titleSpans = fitted(titles).map(span => ({role: 'dim' as const, text: spanText(span)}));
	return [paintSpans(['  ', ...titleSpans], size.columns, theme), ...lines];
}

function spotsOf<R>(layout: ReadonlyArray<LaidOut<R>>): readonly TitleSpot[] {
	let from = gutter;
	return layout.map(({column: {title}, width}) => {
		const spot = {title, from, to: from + width};
		from += width + columnGap;
		return spot;
	});
}

function titleText({title}: Column<never>, sort: Place['sort']): string {
	return sort?.column === title ? `${title} ${sort.reverse ? '↓' : '↑'}` : title;
}

/** The column that is sorted by is wide enough to show which way. */
function withArrow<R>(column: Column<R>, sort: Place['sort']): Column<R> {
	const {title, min, max} = column;
	if (sort?.column !== title) {
		return column;
	}

	const width = displayWidth(titleText(column, sort));
	return {...column, min: Math.max(min, width), max: Math.max(max, width)};
}

function grow(widths: Map<string, number>, {title, max}: Column<never>, texts: readonly string[]): void {
	const widest = texts.reduce((width, text) => Math.max(width, displayWidth(text)), widths.get(title) ?? 0);
	widths.set(title, Math.min(max, widest));
}

/** No column's title. */
const noteKey = '';

function growNotes(widths: Map<string, number>, notes: ReadonlyArray<Span | undefined>): void {
	const widest = notes.map(note => (note === undefined ? 0 : displayWidth(spanText(note))));
	widths.set(noteKey, Math.max(widths.get(noteKey) ?? 0, ...widest));
}

/** So much of a note is read before a long name is: it says what is wrong. */
const readableNote = 24;

/**
 * What is left over at the right goes to the last column under the notes, as far as they need it; where that is too little for
 * the beginning of a note, names that are longer than is needed to read them give of theirs.
 */
function withRoomForNotes<R>(
	layout: ReadonlyArray<LaidOut<R>>,
	widths: ReadonlyMap<string, number>,
	available: number,
): ReadonlyArray<LaidOut<R>> {
	const under = underNote(layout);
	const last = under.at(-1);
	if (last === undefined) {
		return layout;
	}

	const spare = available - totalWidth(layout.map(({width}) => width));
	const note = widths.get(noteKey) ?? 0;
	const noted = totalWidth(under.map(({width}) => width));
	let lacking = Math.min(note, readableNote) - noted - spare;
	const given = layout.map(laidOut => {
		const {column, width} = laidOut;
		const gives = column.isName ? Math.max(0, Math.min(lacking, width - readableColumns)) : 0;
		lacking -= gives;
		return gives > 0 ? {...laidOut, width: width - gives} : laidOut;
	});
	const left = available - totalWidth(given.map(({width}) => width));
	const more = Math.max(0, Math.min(left, note - noted));
	return given.map(laidOut => (laidOut === last ? {...laidOut, width: laidOut.width + more} : laidOut));
}

/** Those side by side that a note is written over: where somebody has put them apart, the first of them. */
function underNote<R>(layout: ReadonlyArray<LaidOut<R>>): ReadonlyArray<LaidOut<R>> {
	const from = layout.findIndex(({column}) => column.underNote);
	const rest = from === -1 ? [] : layout.slice(from);
	const end = rest.findIndex(({column}) => !column.underNote);
	return end === -1 ? rest : rest.slice(0, end);
}

/** A row's cells in their columns, the gaps between them included. */
function fitRow<R>(
	layout: ReadonlyArray<LaidOut<R>>,
	columns: ReadonlyArray<Column<R>>,
	cells: readonly Span[],
	note: Span | undefined,
	object: R | undefined,
): readonly Span[] {
	const spans: Span[] = [];
	const under = underNote(layout);
	const noteWidth = totalWidth(under.map(({width}) => width));
	let isNoted = note === undefined || noteWidth === 0;
	for (const laidOut of layout) {
		const {column, width} = laidOut;
		if (under.includes(laidOut) && note !== undefined) {
			if (!isNoted) {
				spans.push(gap, fitSpan(note, noteWidth));
				isNoted = true;
			}
		} else {
			const cell = cells[columns.indexOf(column)] ?? '';
			const isShort = object !== undefined && spansWidth([cell]) > width;
			spans.push(gap, fitSpan(isShort ? shrunk(column, object, cell, width) : cell, width, column.align));
		}
	}

	return spans.slice(1);
}

function shrunk<R>({shrink, isName}: Column<R>, object: R, cell: Span, width: number): Span {
	return isName ? shortenSpan(cell, width) : (shrink?.(object, width) ?? cell);
}

/** Up to the edge, so that its background is one bar. */
function selectedLine(spans: readonly Span[], columns: number, theme: Theme): string {
	const space = ' '.repeat(Math.max(0, columns - spansWidth(spans)));
	return theme.paint('selected', paintSpans([...spans, space], columns, theme));
}
