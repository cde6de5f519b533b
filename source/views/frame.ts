import {bodyLines} from './body.ts';
import {frameParts} from './state.ts';
import type {Ui} from './ui.ts';
import {headerLine} from './widgets/header.ts';
import {hintLine} from './widgets/hint-bar.ts';
import {messageLines} from './widgets/message-line.ts';

/** The whole screen: at most so many lines as it has rows, none wider than it has columns. */
export function frameLines(ui: Ui): readonly string[] {
	const {size} = ui.state;
	const {header, body, message, hints} = frameParts(ui.state);
	return [
		...part(header, () => [headerLine(ui)]),
		...part(body, rows => bodyLines(ui, {columns: size.columns, rows})),
		...part(message, rows => messageLines(ui, rows)),
		...part(hints, () => [hintLine(ui)]),
	];
}

/** Exactly so many lines. */
function part(rows: number, make: (rows: number) => readonly string[]): readonly string[] {
	const lines = rows === 0 ? [] : make(rows);
	return Array.from({length: rows}, (_, index) => lines[index] ?? '');
}
