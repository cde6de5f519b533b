import {bodyLines} from './body.ts';
import {frameParts, type Size} from './state.ts';
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

export type Frame = {readonly size: Size; readonly lines: readonly string[]};

/**
 * The frames of a dashboard. One that looks like the one before is that one: of a cluster in which a thousand things change
 * each second, most are not on the screen, and to draw costs more than to write the lines.
 */
export class Frames {
	readonly #ui: Ui;
	#version = -1;
	#frame: Frame = {size: {columns: 0, rows: 0}, lines: []};

	constructor(ui: Ui) {
		this.#ui = ui;
	}

	/** Of the dashboard as it is now. */
	get current(): Frame {
		const {version, state} = this.#ui;
		if (version !== this.#version) {
			const frame = {size: state.size, lines: frameLines(this.#ui)};
			this.#version = version;
			this.#frame = isSame(frame, this.#frame) ? this.#frame : frame;
		}

		return this.#frame;
	}

	/** Called whenever there may be another frame; the answer ends it. */
	subscribe(listener: () => void): () => void {
		return this.#ui.subscribe(() => {
			listener();
			this.#ui.drawn(this.#version);
		});
	}
}

function isSame(a: Frame, b: Frame): boolean {
	return (
		a.size.columns === b.size.columns &&
		a.lines.length === b.lines.length &&
		a.lines.every((line, index) => line === b.lines[index])
	);
}
