import {displayWidth, fitWidth, stripControl} from '../../core/text/text.ts';
import {drawnFrom, topFor} from '../cursor.ts';
import type {Size} from '../state.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import type {Span} from './line.ts';

export type ListCell = {readonly text: string; readonly role?: Role | undefined};

/** `most`: columns at the most; the last one has what is left. */
export type ListColumn<T> = {readonly title: string; readonly most?: number; cell(row: T): ListCell};

/** A list that is no table of objects: headings, and a line for each row, the one under the cursor marked. */
export function pictureList<T>(
	ui: Ui,
	{
		columns,
		rows,
		at,
	}: {readonly columns: ReadonlyArray<ListColumn<T>>; readonly rows: readonly T[]; readonly at: number},
	size: Size,
): ReadonlyArray<readonly Span[]> {
	const room = Math.max(1, size.rows - 1);
	const top = topFor(at, rows.length, room);
	drawnFrom(ui, {line: 1, top, count: room});
	const cells = rows.map(row =>
		columns.map(column => {
			const {text, role} = column.cell(row);
			return {text: stripControl(text), role};
		}),
	);
	const widths = columns.map(({title, most = Number.POSITIVE_INFINITY}, index) =>
		Math.min(
			most,
			cells.reduce((widest, row) => Math.max(widest, displayWidth(row[index]?.text ?? '')), title.length),
		),
	);
	const padded = (text: string, index: number) =>
		index === columns.length - 1 ? text : `${fitWidth(text, widths[index] ?? 0)}  `;
	const heading = columns.map(({title}, index) => padded(title, index)).join('');
	const lines = cells.slice(top, top + room).map((row, index): readonly Span[] => {
		const spans = row.map(({text, role}, column): Span => {
			const whole = padded(text, column);
			return role === undefined ? whole : {role, text: whole};
		});
		const plain = row.map(({text}, column) => padded(text, column)).join('');
		return top + index === at ? [{role: 'selected', text: fitWidth(`▸ ${plain}`, size.columns)}] : ['  ', ...spans];
	});
	return [[{role: 'dim', text: `  ${heading}`}], ...lines];
}
