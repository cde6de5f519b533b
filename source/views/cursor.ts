import type {Ui} from './ui.ts';

/** Where the cursor of a picture is among its keys: on what it was put on, or where that was when it is gone. */
export function cursorIndex(ui: Ui, keys: readonly string[]): number {
	const {key, index = 0} = ui.place.cursor ?? {};
	const found = key === undefined ? -1 : keys[index] === key ? index : keys.indexOf(key);
	return found === -1 ? Math.max(0, Math.min(index, keys.length - 1)) : found;
}

export function putCursor(ui: Ui, keys: readonly string[], wanted: number): void {
	const index = Math.max(0, Math.min(wanted, keys.length - 1));
	ui.updatePlace({cursor: {key: keys[index], index}});
}

/** The first of `count` rows to show, so that the one with the cursor is among them. */
export function topFor(index: number, count: number, rows: number): number {
	return Math.max(0, Math.min(index - Math.floor(rows / 2), count - rows));
}

/** Which rows of a picture's list were drawn last: the first on which line of the body, and which of all it is. */
type Shown = {readonly line: number; readonly top: number; readonly count: number};

const shown = new WeakMap<Ui, Shown>();

/** The part of a list that a picture draws; what is clicked is found by it. */
export function drawnFrom(ui: Ui, rows: Shown): void {
	shown.set(ui, rows);
}

/** A click on a line of the body. True: the cursor was there already. */
export function clickLine(ui: Ui, line: number, keys: readonly string[]): boolean {
	const rows = shown.get(ui);
	const row = line - (rows?.line ?? 0);
	return rows !== undefined && row >= 0 && row < rows.count && clickKey(ui, keys, rows.top + row);
}

/** Puts the cursor there. True: it was there already. */
export function clickKey(ui: Ui, keys: readonly string[], index: number): boolean {
	if (index < 0 || index >= keys.length) {
		return false;
	}

	if (cursorIndex(ui, keys) === index) {
		return true;
	}

	putCursor(ui, keys, index);
	return false;
}
