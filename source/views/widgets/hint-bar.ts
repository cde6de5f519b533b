import {displayWidth} from '../../core/text/text.ts';
import {verbOf} from '../errands/running.ts';
import type {Form} from '../form/form.ts';
import {createRow} from '../form/rows.ts';
import {type Key, keyLabel} from '../input/keys.ts';
import {type KeymapRow, keysLabel, wantsTarget, whyNot} from '../keymap.ts';
import {activeGroups} from '../keymaps/groups.ts';
import type {Ui} from '../ui.ts';
import {paintSpans, type Span, spansWidth} from './line.ts';

type Item = {readonly spans: readonly Span[]; readonly key: Key};

/** ` ↵ instances  +/- scale …  : go  ? help`: what does not fit is left out, but how to find the rest never is. */
export function hintLine(ui: Ui): string {
	return paintSpans([' ', ...hintItems(ui).flatMap(({spans}) => spans)], ui.state.size.columns, ui.theme);
}

/** The key whose hint stands in a column. */
export function hintAt(ui: Ui, column: number): Key | undefined {
	let to = 1;
	for (const {spans, key} of hintItems(ui)) {
		to += spansWidth(spans);
		if (column < to) {
			return column === 0 ? undefined : key;
		}
	}

	return undefined;
}

function hintItems(ui: Ui): readonly Item[] {
	const {columns} = ui.state.size;
	if (ui.state.overlay?.type === 'prompt') {
		return fixedItems(promptHints);
	}

	if (ui.state.overlay?.type === 'form') {
		return fixedItems(formHints(ui.state.overlay));
	}

	const {target} = ui;
	const all = reachable(activeGroups(ui).flatMap(group => group.rows));
	const isEmptyTable = target === undefined && ui.screen.type === 'table';
	const rows = isEmptyTable ? withoutTarget(ui, all) : all.filter(({quiet}) => !quiet);
	const items = rows.map(row => item(row, whyNot(ui, row, target) !== undefined));
	const last = items.slice(-2);
	const kept: Item[] = [];
	for (const one of items.slice(0, -2)) {
		if (spansWidth([...kept, one, ...last].flatMap(({spans}) => spans)) < columns) {
			kept.push(one);
		}
	}

	return [...kept, ...last];
}

/** With no row to act on: what makes something, and what can be done all the same. */
function withoutTarget(ui: Ui, rows: readonly KeymapRow[]): readonly KeymapRow[] {
	const makes = whyNot(ui, createRow, undefined) === undefined ? rows.filter(row => row === createRow) : [];
	return [...makes, ...rows.filter(row => !row.quiet && !wantsTarget(row))];
}

/** Without the rows whose keys another row takes first. */
function reachable(rows: readonly KeymapRow[]): readonly KeymapRow[] {
	const taken = new Set<string>();
	return rows.filter(({keys}) => {
		const isReachable = keys.some(key => !taken.has(key));
		for (const key of keys) {
			taken.add(key);
		}

		return isReachable;
	});
}

const promptHints: ReadonlyArray<readonly [key: Key, word: string]> = [
	['enter', 'take'],
	['esc', 'leave'],
	['tab', 'complete'],
	['ctrl-u', 'clear'],
];

function formHints({action}: Form): typeof promptHints {
	return [
		['enter', verbOf(action).toLowerCase()],
		['tab', 'next'],
		['shift-tab', 'before'],
		['esc', 'leave'],
		[' ', 'choose'],
		['right', 'take what is offered'],
		['ctrl-u', 'clear'],
	];
}

function fixedItems(pairs: typeof promptHints): readonly Item[] {
	return pairs.map(([key, word]) => ({key, spans: [{role: 'key', text: keyLabel(key)}, ` ${word}  `]}));
}

/** One that cannot be pressed now is grey as a whole. */
function item({keys, hint}: KeymapRow, isGrey: boolean): Item {
	const label = keysLabel(keys.slice(0, displayWidth(keys.join('')) <= 3 ? 2 : 1));
	const [key = ''] = keys;
	return {
		key,
		spans: isGrey ? [{role: 'dim', text: `${label} ${hint}  `}] : [{role: 'key', text: label}, ` ${hint}  `],
	};
}
