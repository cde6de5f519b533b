import type {Tone} from '../../core/instance-state.ts';
import {displayWidth, fitWidth, stripControl, truncate} from '../../core/text/text.ts';
import type {Paint} from './paint.ts';

export type Column<T> = {
	readonly title: string;
	readonly align?: 'right';
	/** Only with -o wide. */
	readonly wide?: boolean;
	/** Only where objects of several namespaces are listed. */
	readonly scoped?: boolean;
	/** Only where it was asked for: see the model's `uncounted`. */
	readonly counted?: boolean;
	/** Only where one of them has something to tell there. */
	readonly filled?: boolean;
	/** Gives way where the terminal is too narrow, down to so many columns. */
	readonly shrinkTo?: number;
	value(item: T): string;
	tone?(item: T): Tone | undefined;
};

export type TableOptions = {
	readonly headers: boolean;
	/** Of the terminal; undefined: nothing is cut off. */
	readonly width: number | undefined;
	readonly paint: Paint;
};

const gap = '  ';

/** Lines of a table, each with its line break: as wide as its texts, the last column without trailing space. */
export function renderTable<T>(columns: readonly Column<T>[], items: readonly T[], options: TableOptions): string {
	const rows = items.map(item => columns.map(column => stripControl(column.value(item)) || '-'));
	const titles = columns.map(({title}) => title);
	const natural = columns.map((_, index) =>
		[...(options.headers ? [titles] : []), ...rows].reduce(
			(widest, row) => Math.max(widest, displayWidth(row[index] ?? '')),
			0,
		),
	);
	const widths = options.width === undefined ? natural : shrink(columns, natural, options.width);
	const line = (cells: readonly string[], tones: ReadonlyArray<Tone | undefined>) =>
		cells
			.map((cell, index) => {
				const {align = 'left'} = columns[index] ?? {};
				const width = widths[index] ?? 0;
				const isLast = index === cells.length - 1 && align === 'left';
				return options.paint.tone(tones[index], isLast ? truncate(cell, width) : fitWidth(cell, width, align));
			})
			.join(gap);
	const head = options.headers ? [line(titles, [])] : [];
	const body = rows.map((row, index) => {
		const item = items[index] as T;
		return line(
			row,
			columns.map(column => column.tone?.(item)),
		);
	});
	return [...head, ...body].map(text => `${text}\n`).join('');
}

/** Takes columns from those that may shrink, the widest first, until the line fits or none can give more. */
function shrink<T>(columns: readonly Column<T>[], natural: readonly number[], width: number): number[] {
	const widths = [...natural];
	let excess = widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1) - width;
	while (excess > 0) {
		const [widest] = columns
			.map(({shrinkTo}, index) => ({index, spare: (widths[index] ?? 0) - (shrinkTo ?? Number.POSITIVE_INFINITY)}))
			.filter(({spare}) => spare > 0)
			.toSorted((a, b) => (widths[b.index] ?? 0) - (widths[a.index] ?? 0));
		if (widest === undefined) {
			break;
		}

		widths[widest.index] = (widths[widest.index] ?? 0) - 1;
		excess--;
	}

	return widths;
}
