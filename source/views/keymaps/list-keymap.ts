import {editRow} from '../edit/edit.ts';
import {openPrompt} from '../errands/asking.ts';
import {createRow} from '../form/rows.ts';
import type {Key} from '../input/keys.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import {openColumns} from '../list/columns-chooser.ts';
import {shownColumns} from '../list/columns-shown.ts';
import {move} from '../list/list.ts';
import {markRange, toggleAll, toggleMark, toggleRange, unmarkAll} from '../list/marks.ts';
import {namespaceRows} from '../navigation/namespaces.ts';
import type {Screen} from '../screen.ts';
import {copyRow} from '../terminal/copying.ts';
import {saveRow} from '../terminal/saving.ts';
import type {Ui} from '../ui.ts';
import {sortKeyOf} from '../widgets/columns.ts';

/** Everything that a list can, whatever is in it. */
export const listKeymap: readonly KeymapRow[] = [
	...moveRows(moveBy, ui => ui.visibleRows),
	{
		keys: ['/'],
		hint: 'filter',
		help: 'Filter the rows: a regular expression, `!` inverts, `-l` by label, `-f` fuzzy; `esc` ends it',
		press: openFilter,
	},
	{
		keys: [' '],
		hint: 'mark',
		help: 'Mark the row, or not any more: what is done next is done to all that are marked',
		quiet: true,
		needsTarget: true,
		press: toggleMark,
	},
	{
		keys: ['ctrl-space'],
		hint: 'mark range',
		help: 'Mark all rows from the one marked last to this one',
		quiet: true,
		needsTarget: true,
		press: markRange,
	},
	{
		keys: ['v'],
		hint: 'range',
		help: 'Mark what the cursor passes from here on; pressed again, the range ends',
		quiet: true,
		needsTarget: true,
		press: toggleRange,
	},
	{
		keys: ['M'],
		hint: 'mark all',
		help: 'Mark all rows that are listed; when all are, none',
		quiet: true,
		press: toggleAll,
	},
	{keys: ['ctrl-\\'], hint: 'unmark', help: 'Take all marks back, as `esc` does', quiet: true, press: unmarkAll},
	copyRow,
	saveRow,
	createRow,
	editRow,
	{
		keys: ['o'],
		hint: 'sort',
		help: 'Sort: then the letter of a column, again the other way round; so does shift with the letter where that has no other meaning',
		quiet: true,
		press: openSort,
	},
	{
		keys: ['shift-right', 'shift-left'],
		hint: 'sort by next',
		help: 'Sort by the next column, or by the one before',
		quiet: true,
		press: (ui, _, key) => sortBeside(ui, key === 'shift-right' ? 1 : -1),
	},
	{
		keys: ['O', 'shift-up', 'shift-down'],
		hint: 'reverse',
		help: 'Sort the other way round',
		quiet: true,
		press: reverse,
	},
	{
		keys: ['ctrl-z'],
		hint: 'faults',
		help: 'Show only what is not well',
		quiet: true,
		press: ui => ui.updatePlace({faultsOnly: !ui.place.faultsOnly}),
	},
	...namespaceRows,
	{
		keys: ['ctrl-w'],
		hint: 'wide',
		help: 'Show more columns',
		quiet: true,
		press: ui => ui.updatePlace({wide: !ui.place.wide}),
	},
	{
		keys: ['W'],
		hint: 'columns',
		help: 'Choose which columns are shown in which order; kept for this screen',
		quiet: true,
		press: openColumns,
	},
];

function moveBy(ui: Ui, rows: number): void {
	ui.updateList((list, ids, visible) => move(list, ids, rows, visible));
}

function openFilter(ui: Ui): void {
	const before = ui.place.filter;
	openPrompt(ui, {
		label: '/',
		text: before,
		hint: () =>
			[`${ui.listing.ids.length} of ${ui.listing.total}`, ui.listing.filter?.note].filter(Boolean).join(' · '),
		history: ui.memory.lines('filters'),
		change: filter => ui.updatePlace({filter}),
		submit(filter) {
			ui.memory.addLine('filters', filter);
			return undefined;
		},
		cancel: () => ui.updatePlace({filter: before}),
	});
}

function openSort(ui: Ui): void {
	ui.update({overlay: {type: 'chord', title: 'Sort by', keymap: sortKeymap(ui.screen)}});
}

/** Sorts by a column; asked again it turns the order round. */
export function sortByColumn(ui: Ui, title: string): void {
	const {screen} = ui;
	if (
		screen.type === 'table' &&
		screen.columns.some(column => column.title === title && sortKeyOf(column) !== undefined)
	) {
		const sort = ui.place.sort ?? {column: screen.orderedBy, reverse: false};
		ui.updatePlace({sort: {column: title, reverse: sort.column === title && !sort.reverse}});
	}
}

/** A row for each column that can be sorted by; pressed again it turns the order round. */
function sortKeymap(screen: Screen): readonly KeymapRow[] {
	if (screen.type !== 'table') {
		return [];
	}

	return screen.columns.flatMap(({title, letter}) =>
		letter === undefined
			? []
			: [
					{
						keys: [letter],
						hint: title.toLowerCase(),
						help: `Sort by ${title}`,
						press: (ui: Ui, _: Target | undefined) => sortByColumn(ui, title),
					},
				],
	);
}

/** What a capital that has no other meaning does in k9s: it sorts by the column of that letter. */
export function sortRow({screen, state}: Ui, key: Key): KeymapRow | undefined {
	return state.overlay === undefined && key !== key.toLowerCase()
		? sortKeymap(screen).find(({keys}) => keys.includes(key.toLowerCase()))
		: undefined;
}

/** Any column that can be sorted by and is shown, though it may have no letter. */
function sortBeside(ui: Ui, by: 1 | -1): void {
	const {place, screen} = ui;
	if (screen.type !== 'table') {
		return;
	}

	const titles = shownColumns(ui, screen).flatMap(column => (sortKeyOf(column) === undefined ? [] : [column.title]));
	const index = titles.indexOf(place.sort?.column ?? screen.orderedBy);
	const column = titles[(index + by + titles.length) % titles.length];
	if (column !== undefined) {
		ui.updatePlace({sort: {column, reverse: false}});
	}
}

function reverse(ui: Ui): void {
	const {place, screen} = ui;
	if (screen.type === 'table') {
		const sort = place.sort ?? {column: screen.orderedBy, reverse: false};
		ui.updatePlace({sort: {column: sort.column, reverse: !sort.reverse}});
	}
}
