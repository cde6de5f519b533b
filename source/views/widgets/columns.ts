import {Ages} from '../age.ts';
import type {World} from '../world.ts';
import {type Span, spanText} from './line.ts';

/** What a cell may look at besides its object. */
export type RowContext = {readonly world: World; readonly ages: Ages};

/** One column of a list, as data. */
export type Column<R> = {
	readonly title: string;
	/** What `o` and this letter sort by. */
	readonly letter?: string;
	/** The higher, the sooner it gives way on a narrow terminal; 0 never does. */
	readonly priority: number;
	/** Display cells that it may shrink to, and grow to. */
	readonly min: number;
	readonly max: number;
	readonly align?: 'left' | 'right';
	cell(row: R, context: RowContext): Span;
	/** Where it has fewer columns than it takes its middle is left out, and not its end, which tells it from others. */
	readonly isName?: boolean;
	/** Drawn anew where it has fewer columns than `cell` takes; absent: it is cut off. */
	shrink?(row: R, columns: number): Span;
	/** What rows are ordered by; absent ones come last. Without it they are ordered by what the cell says. */
	sortBy?(row: R, context: Pick<RowContext, 'world'>): string | number | undefined;
	/** What it is sorted by is not all in the object: it may change although the object does not. */
	readonly sortsByWorld?: boolean;
	/** Only where objects of several namespaces are shown together. */
	readonly scoped?: boolean;
	/** Only where the engine counts requests. */
	readonly traffic?: boolean;
	/** Left out while no row that is seen has anything in it. */
	readonly ifAny?: boolean;
	/** Only in the wide form (`ctrl-w`), and on a wide terminal. */
	readonly wide?: boolean;
	/** A row's note may be written over this column; such columns stand side by side. */
	readonly underNote?: boolean;
};

/** What rows are ordered by where this column is sorted by; undefined: it has no title that could tell so. */
export function sortKeyOf<R>(column: Column<R>): Column<R>['sortBy'] {
	const {title, sortBy, cell} = column;
	if (sortBy !== undefined || title.trim() === '') {
		return sortBy?.bind(column);
	}

	return (row, {world}) => spanText(cell.call(column, row, {world, ages: new Ages(world.now)})) || undefined;
}

export type LaidOut<R> = {readonly column: Column<R>; readonly width: number};

export const columnGap = 2;

/** What a row is about is read in full up to here before anything else is shown. */
export const readableColumns = 24;

/**
 * Which columns are shown how wide: those of the highest priority number go until the rest fits, the names readable and all
 * else shrunk; then what is left over is given out in the order of priority. `natural` is what each would like, by title.
 */
export function layOut<R>(
	columns: ReadonlyArray<Column<R>>,
	natural: ReadonlyMap<string, number>,
	available: number,
): ReadonlyArray<LaidOut<R>> {
	const wish = (column: Column<R>) => natural.get(column.title) ?? column.min;
	const least = (column: Column<R>) => Math.min(column.min, wish(column));
	const readable = (column: Column<R>) =>
		column.priority === 0 ? Math.min(wish(column), readableColumns) : least(column);
	let kept = [...columns];
	while (kept.length > 0 && totalWidth(kept.map(readable)) > available) {
		const goes = kept.reduce((worst, column) => (column.priority >= worst.priority ? column : worst));
		if (goes.priority === 0) {
			break;
		}

		kept = kept.filter(column => column !== goes);
	}

	const first = totalWidth(kept.map(readable)) <= available ? readable : least;
	const widths = new Map(kept.map(column => [column, first(column)]));
	let spare = available - totalWidth([...widths.values()]);
	for (const column of kept.toSorted((a, b) => a.priority - b.priority)) {
		const more = Math.max(0, Math.min(spare, wish(column) - first(column)));
		widths.set(column, first(column) + more);
		spare -= more;
	}

	return kept.map(column => ({column, width: widths.get(column) ?? 0}));
}

/** Of columns side by side, with their gaps. */
export function totalWidth(widths: readonly number[]): number {
	return widths.reduce((sum, width) => sum + width, Math.max(0, widths.length - 1) * columnGap);
}
