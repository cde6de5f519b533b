import {bodyLines} from './body.ts';
import {frameParts, type Size} from './state.ts';
import type {Ui} from './ui.ts';
import {headerLine} from './widgets/header.ts';
import {hintLine} from './widgets/hint-bar.ts';
import {messageLines} from './widgets/message-line.ts';

/** The whole screen as lines, from its top. */
export type Frame = {readonly size: Size; readonly lines: readonly string[]};

/**
 * The frames of a dashboard. One that looks like the one before is that one: of a cluster in which a thousand things change
 * each second, most are not on the screen, and what is drawn costs more than what is written for it.
 */
export class Frames {
	readonly #ui: Ui;
	#version = -1;
	#frame: Frame = {size: {columns: 0, rows: 0}, lines: []};
	/** The widths that a list's columns have had: another list, or another size, begins anew. */
	#widths = {key: '', widths: new Map<string, number>()};

	constructor(ui: Ui) {
		this.#ui = ui;
	}

	/** Of the dashboard as it is now. */
	get current(): Frame {
		const {version} = this.#ui;
		if (version !== this.#version) {
			const frame = this.#make();
			this.#version = version;
			this.#frame = isSame(frame, this.#frame) ? this.#frame : frame;
		}

		return this.#frame;
	}

	/** Called with each frame that may be another; the answer ends it. */
	subscribe(listener: () => void): () => void {
		const ui = this.#ui;
		return ui.subscribe(() => {
			listener();
			ui.drawn(this.#version);
		});
	}

	#make(): Frame {
		const ui = this.#ui;
		const {size} = ui.state;
		const {header, body, message, hints} = frameParts(ui.state);
		const parts = [
			exactly(header, () => [headerLine(ui)]),
			exactly(body, () => bodyLines(ui, body, this.#columnWidths())),
			exactly(message, () => messageLines(ui, message)),
			exactly(hints, () => [hintLine(ui)]),
		];
		return {size, lines: parts.flat()};
	}

	#columnWidths(): Map<string, number> {
		const {place, state} = this.#ui;
		const key = [place.screen, place.about?.id, place.wide, state.size.columns].join(' ');
		if (this.#widths.key !== key) {
			this.#widths = {key, widths: new Map()};
		}

		return this.#widths.widths;
	}
}

/** As many lines as a part has, though it may have fewer to show. */
function exactly(rows: number, make: () => readonly string[]): readonly string[] {
	const lines = rows === 0 ? [] : make();
	return Array.from({length: rows}, (_, index) => lines[index] ?? '');
}

function isSame(a: Frame, b: Frame): boolean {
	return (
		a.size.columns === b.size.columns &&
		a.lines.length === b.lines.length &&
		a.lines.every((line, index) => line === b.lines[index])
	);
}
