import type {KeymapRow} from '../keymap.ts';
import type {Choices} from '../overlay.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import {paintSpans, type Span, safe} from '../widgets/line.ts';
import {shownColumns, usualColumns} from './columns-shown.ts';

/** Chooses which columns the list has, and in which order; kept for its screen. */
export function openColumns(ui: Ui): void {
	const {screen} = ui;
	if (screen.type !== 'table') {
		return;
	}

	const shown = shownColumns(ui, screen).map(({title}) => title);
	const hidden = screen.columns.map(({title}) => title).filter(title => !shown.includes(title));
	const items = [...shown, ...hidden].map(title => ({title, isOn: shown.includes(title)}));
	ui.update({overlay: {type: 'choices', title: `Columns of ${screen.id}`, items, index: 0, keymap: choicesKeymap}});
}

const choicesKeymap: readonly KeymapRow[] = [
	{keys: ['enter'], hint: 'keep', help: 'Keep them for this screen', press: keep},
	{keys: [' '], hint: 'show or hide', help: 'Show the column, or not', press: ui => change(ui, toggle)},
	{keys: ['j', 'down'], hint: 'down', help: 'Move the cursor down', quiet: true, press: ui => change(ui, moveBy(1))},
	{keys: ['k', 'up'], hint: 'up', help: 'Move the cursor up', quiet: true, press: ui => change(ui, moveBy(-1))},
	{keys: ['J', 'shift-down'], hint: 'further right', help: 'Put it further right', press: ui => change(ui, shift(1))},
	{keys: ['K', 'shift-up'], hint: 'further left', help: 'Put it further left', press: ui => change(ui, shift(-1))},
	{keys: ['r'], hint: 'reset', help: 'As they are by themselves', press: reset},
	{keys: ['esc', 'q'], hint: 'leave', help: 'Leave them as they are', press: ui => ui.update({overlay: undefined})},
];

type Change = (choices: Choices) => Partial<Choices>;

function change(ui: Ui, make: Change): void {
	const {overlay} = ui.state;
	if (overlay?.type === 'choices') {
		ui.update({overlay: {...overlay, ...make(overlay)}});
	}
}

function toggle({items, index}: Choices): Partial<Choices> {
	return {items: items.map((item, at) => (at === index ? {...item, isOn: !item.isOn} : item))};
}

function moveBy(by: number): Change {
	return ({items, index}) => ({index: Math.max(0, Math.min(index + by, items.length - 1))});
}

function shift(by: 1 | -1): Change {
	return ({items, index}) => {
		const [from, to] = [items[index], items[index + by]];
		return from === undefined || to === undefined
			? {}
			: {items: items.with(index, to).with(index + by, from), index: index + by};
	};
}

function keep(ui: Ui): void {
	const {screen, state} = ui;
	const items = state.overlay?.type === 'choices' ? state.overlay.items : [];
	const titles = items.filter(({isOn}) => isOn).map(({title}) => title);
	if (screen.type !== 'table') {
		return;
	}

	if (titles.length === 0) {
		ui.say('warning', 'A list has at least one column.');
		return;
	}

	const usual = usualColumns(ui, screen.columns);
	const isUsual = titles.join('\n') === usual.map(({title}) => title).join('\n');
	ui.memory.chooseColumns(screen.columnsAs ?? screen.id, isUsual ? undefined : titles);
	ui.update({overlay: undefined});
}

function reset(ui: Ui): void {
	const {screen} = ui;
	if (screen.type === 'table') {
		ui.memory.chooseColumns(screen.columnsAs ?? screen.id, undefined);
	}

	ui.update({overlay: undefined});
}

const firstLine = 3;

function topOf({items, index}: Choices, rows: number): number {
	const room = Math.max(1, rows - firstLine);
	return Math.max(0, Math.min(index - room + 1, items.length - room));
}

/** A click on a line: the cursor goes there; where it is already, the column is shown or not. */
export function clickChoice(ui: Ui, choices: Choices, row: number): void {
	const index = row - firstLine + topOf(choices, ui.room.rows);
	if (row >= firstLine && index < choices.items.length) {
		change(ui, index === choices.index ? toggle : () => ({index}));
	}
}

/** A line for each column, the cursor among them. */
export function choiceLines(ui: Ui, choices: Choices, {columns, rows}: Size): readonly string[] {
	const {title, items, index} = choices;
	const line = (...spans: readonly Span[]) => paintSpans(spans.map(safe), columns, ui.theme);
	const room = Math.max(1, rows - firstLine);
	const top = topOf(choices, rows);
	const shown = items.slice(top, top + room).map((item, row): string => {
		const name = item.title.trim() === '' ? 'trend' : item.title;
		const text = `${top + row === index ? '▸' : ' '} ${item.isOn ? '✓' : ' '} ${name}`;
		return line('  ', top + row === index ? {role: 'selected', text} : {role: item.isOn ? 'plain' : 'dim', text});
	});
	return ['', line(' ', {role: 'title', text: title}), '', ...shown];
}
