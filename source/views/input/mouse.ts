import {drawnTitles} from '../body.ts';
import {clickForm} from '../form/press.ts';
import {sortByColumn} from '../keymaps/list-keymap.ts';
import {clickChoice} from '../list/columns-chooser.ts';
import {select} from '../list/list.ts';
import {toggleMark} from '../list/marks.ts';
import {goUp} from '../navigation/navigation.ts';
import type {Overlay} from '../overlay.ts';
import {frameParts} from '../state.ts';
import type {Ui} from '../ui.ts';
import {crumbAt} from '../widgets/header.ts';
import {hintAt} from '../widgets/hint-bar.ts';
import {press} from './dispatch.ts';
import type {MouseReport} from './mouse-reports.ts';

/** So many rows go by at a notch of the wheel. */
const notchRows = 3;

/** What a mouse did: the wheel moves, a click selects, one on what is selected goes in, one on a title sorts, one on a hint is its key. */
export function point(ui: Ui, {type, row, column}: MouseReport): void {
	const {header, body, message, hints} = frameParts(ui.state);
	if (type === 'wheel-up' || type === 'wheel-down') {
		pressTimes(ui, type === 'wheel-up' ? 'up' : 'down', notchRows);
	} else if (row < header) {
		clickHeader(ui, column);
	} else if (row < header + body) {
		clickBody(ui, row - header, column, type === 'mark');
	} else if (row >= header + body + message && row < header + body + message + hints) {
		const key = hintAt(ui, column);
		if (key !== undefined) {
			press(ui, key);
		}
	}
}

/** Nobody means ten thousand lines of history by the wheel. */
function pressTimes(ui: Ui, key: 'up' | 'down', times: number): void {
	if (ui.state.overlay?.type === 'prompt') {
		return;
	}

	for (let count = 0; count < times; count++) {
		press(ui, key);
	}
}

function clickHeader(ui: Ui, column: number): void {
	const {places, overlay} = ui.state;
	const crumb = overlay === undefined ? crumbAt(ui, column) : undefined;
	if (crumb !== undefined) {
		goUp(ui, places.length - 1 - crumb);
	}
}

/** A row of the body, counted from its top. */
function clickBody(ui: Ui, row: number, column: number, isMark: boolean): void {
	const {screen, place, state} = ui;
	if (state.overlay !== undefined) {
		clickOverlay(ui, state.overlay, row);
	} else if (screen.type === 'picture') {
		if (screen.click(ui, {row, column})) {
			press(ui, 'enter');
		}
	} else if (screen.type === 'table') {
		const id = row === 0 ? undefined : ui.listing.ids[place.list.top + row - 1];
		if (row === 0) {
			clickTitle(ui, column);
		} else if (id !== undefined) {
			clickRow(ui, id, isMark);
		}
	}
}

/** In a form, on a field; among choices, on one of them. What a question is answered with are its hints. */
function clickOverlay(ui: Ui, overlay: Overlay, row: number): void {
	if (overlay.type === 'form') {
		clickForm(ui, overlay, row);
	} else if (overlay.type === 'choices') {
		clickChoice(ui, overlay, row);
	}
}

function clickTitle(ui: Ui, column: number): void {
	const title = drawnTitles(ui).find(({from, to}) => column >= from && column < to)?.title;
	if (title !== undefined) {
		sortByColumn(ui, title);
	}
}

function clickRow(ui: Ui, id: string, isMark: boolean): void {
	const wasSelected = ui.target?.id === id;
	ui.updateList((list, ids, rows) => select(list, ids, id, rows));
	if (isMark) {
		toggleMark(ui);
	} else if (wasSelected) {
		press(ui, 'enter');
	}
}
