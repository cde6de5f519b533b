import {displayWidth} from '../../core/text.ts';
import type {Form} from '../form/form.ts';
import {activeGroups} from '../groups.ts';
import {type KeymapRow, keysLabel, whyNot} from '../keymap.ts';
import {verbOf} from '../running.ts';
import type {Ui} from '../ui.ts';
import {paintSpans, type Span, spansWidth} from './line.ts';

/** ` ↵ instances  +/- scale …  : go  ? help`: what does not fit is left out, but how to find the rest never is. */
export function hintLine(ui: Ui): string {
	const {columns} = ui.state.size;
	if (ui.state.overlay?.type === 'prompt') {
		return paintSpans(hints(promptHints), columns, ui.theme);
	}

	if (ui.state.overlay?.type === 'form') {
		return paintSpans(hints(formHints(ui.state.overlay)), columns, ui.theme);
	}

	const rows = reachable(activeGroups(ui).flatMap(group => group.rows)).filter(({quiet}) => !quiet);
	const {target} = ui;
	const items = rows.map(row => item(row, whyNot(ui, row, target) !== undefined));
	const last = items.slice(-2).flat();
	const kept: Span[] = [];
	for (const spans of items.slice(0, -2)) {
		if (spansWidth([...kept, ...spans, ...last]) < columns) {
			kept.push(...spans);
		}
	}

	return paintSpans([' ', ...kept, ...last], columns, ui.theme);
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

const promptHints: ReadonlyArray<readonly [keys: string, word: string]> = [
	['↵', 'take'],
	['esc', 'leave'],
	['tab', 'complete'],
	['ctrl-u', 'clear'],
];

function formHints({action}: Form): typeof promptHints {
	return [
		['↵', verbOf(action).toLowerCase()],
		['tab', 'next'],
		['shift-tab', 'before'],
		['esc', 'leave'],
		['space', 'choose'],
		['→', 'take what is offered'],
		['ctrl-u', 'clear'],
	];
}

function hints(pairs: typeof promptHints): Span[] {
	return [' ', ...pairs.flatMap(([keys, word]): Span[] => [{role: 'key', text: keys}, ` ${word}  `])];
}

/** One that cannot be pressed now is grey as a whole. */
function item({keys, hint}: KeymapRow, isGrey: boolean): readonly Span[] {
	const label = keysLabel(keys.slice(0, displayWidth(keys.join('')) <= 3 ? 2 : 1));
	return isGrey ? [{role: 'dim', text: `${label} ${hint}  `}] : [{role: 'key', text: label}, ` ${hint}  `];
}
