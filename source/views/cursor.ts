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
