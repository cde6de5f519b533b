import type {TableScreen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import type {Column} from '../widgets/columns.ts';

/** From here on there is room for every column. */
const roomyColumns = 150;

/** The columns of a list as they are chosen for its screen, in the order chosen; else those that its form and size have. */
export function shownColumns<R>(
	ui: Ui,
	{id, columnsAs = id, columns}: Pick<TableScreen, 'id' | 'columnsAs'> & {readonly columns: ReadonlyArray<Column<R>>},
): ReadonlyArray<Column<R>> {
	const chosen = ui.memory.columnsOf(columnsAs)?.flatMap(title => columns.find(column => column.title === title) ?? []);
	if (chosen !== undefined && chosen.length > 0) {
		return chosen;
	}

	return usualColumns(ui, columns);
}

/** Those that a list has by itself, on this engine and screen. */
export function usualColumns<R>(ui: Ui, columns: ReadonlyArray<Column<R>>): ReadonlyArray<Column<R>> {
	const {namespaces, traffic = false} = ui.executor.backend.facets;
	const scoped = namespaces !== undefined && namespaces.current === undefined;
	return columnsFor(columns, {wide: ui.place.wide, columns: ui.state.size.columns, scoped, traffic});
}

type Form = {readonly wide: boolean; readonly columns: number; readonly scoped: boolean; readonly traffic: boolean};

/** Those that a list has by itself in its form and size. */
export function columnsFor<R>(
	all: ReadonlyArray<Column<R>>,
	{wide, columns, scoped, traffic}: Form,
): ReadonlyArray<Column<R>> {
	const isWide = wide || columns >= roomyColumns;
	return all.filter(column => (isWide || !column.wide) && (scoped || !column.scoped) && (traffic || !column.traffic));
}
