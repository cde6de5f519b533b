import type {JournalEntry} from '../../actions/journal/journal.ts';
import {whyNotUndone} from '../../actions/journal/undo.ts';
import {cursorIndex, putCursor} from '../cursor.ts';
import {askUndoOf} from '../errands/undoing.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {recorded} from './recorded.ts';

export const changesKeymap: readonly KeymapRow[] = [
	{
		keys: ['enter'],
		hint: 'undo it',
		help: 'Take this change back, when confirmed: shows what that brings',
		unavailable: whyNot,
		press(ui) {
			const entry = selectedEntry(ui);
			if (entry !== undefined) {
				askUndoOf(ui, entry);
			}
		},
	},
	...moveRows(moveBy),
];

export function selectedEntry(ui: Ui): JournalEntry | undefined {
	return recorded.of(ui)?.entries[selectedIndex(ui)];
}

export function selectedIndex(ui: Ui): number {
	return cursorIndex(ui, keysOf(ui));
}

export function keysOf(ui: Ui): readonly string[] {
	return recorded.of(ui)?.ids ?? [];
}

function moveBy(ui: Ui, by: number): void {
	putCursor(ui, keysOf(ui), selectedIndex(ui) + by);
}

function whyNot(ui: Ui): string | undefined {
	const entry = selectedEntry(ui);
	const why = entry && whyNotUndone(entry, recorded.of(ui)?.all ?? []);
	return entry === undefined ? 'Nothing is selected.' : why && `It cannot be undone: ${why}.`;
}
