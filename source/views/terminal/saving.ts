import {toClusterError} from '../../core/error.ts';
import {displayWidth, fitWidth, stripControl} from '../../core/text/text.ts';
import {errorText} from '../errands/running.ts';
import type {KeymapRow} from '../keymap.ts';
import {shownColumns} from '../list/columns-shown.ts';
import type {TableScreen} from '../screen.ts';
import {wholeText} from '../text/text-lines.ts';
import type {Ui} from '../ui.ts';
import {spanText} from '../widgets/line.ts';

/** Headings, then a row for each object that is listed, as text. */
export type Cells = {readonly titles: readonly string[]; readonly rows: ReadonlyArray<readonly string[]>};

/** Columns as wide as what is in them. */
export function tableText({titles, rows}: Cells): string {
	const widths = titles.map((title, index) =>
		Math.max(displayWidth(title), ...rows.map(row => displayWidth(row[index] ?? ''))),
	);
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, index) => fitWidth(cell, widths[index] ?? 0))
			.join('  ')
			.trimEnd();
	return [titles, ...rows].map(cells => `${line(cells)}\n`).join('');
}

/** As RFC 4180 has it. What a spreadsheet would take for a formula is kept from being one. */
export function tableCsv({titles, rows}: Cells): string {
	const cell = (text: string) => {
		const plain = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
		return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
	};
	return [titles, ...rows].map(cells => `${cells.map(cell).join(',')}\r\n`).join('');
}

function cellsOf(ui: Ui): Cells {
	const {screen, listing, context} = ui;
	const columns = shownColumns(ui, screen as TableScreen).filter(({title}) => title.trim() !== '');
	return {
		titles: columns.map(({title}) => title),
		rows: listing.objects.map(object =>
			columns.map(column => stripControl(spanText(column.cell(object as never, context))).trim()),
		),
	};
}

function save(ui: Ui, ending: string, make: () => string): void {
	const at = new Date(ui.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
	const name = [ui.executor.backend.name, ui.place.about?.name, ui.screen.id, at].filter(Boolean).join('-');
	void ui.ports.save(`${name}.${ending}`, make()).then(
		file => ui.say('good', `✓ saved in ${file}`),
		(error: unknown) => ui.say('bad', errorText(toClusterError(error))),
	);
}

const asText: KeymapRow = {
	keys: ['t'],
	hint: 'text',
	help: 'All rows as text',
	press: ui => save(ui, 'txt', () => tableText(cellsOf(ui))),
};
const asCsv: KeymapRow = {
	keys: ['c'],
	hint: 'CSV',
	help: 'All rows as CSV',
	press: ui => save(ui, 'csv', () => tableCsv(cellsOf(ui))),
};
const asJson: KeymapRow = {
	keys: ['j'],
	hint: 'JSON',
	help: 'All objects as JSON',
	press: ui => save(ui, 'json', () => `${JSON.stringify(ui.listing.objects, undefined, '\t')}\n`),
};
const escapes = /\u{1B}\[[\d;]*m/gu;
const asScreen: KeymapRow = {
	keys: ['s'],
	hint: 'screen',
	help: 'The screen as it is',
	press: ui =>
		save(ui, 'txt', () => ui.terminal.lines.map(line => `${line.replaceAll(escapes, '').trimEnd()}\n`).join('')),
};

export const saveTextRow: KeymapRow = {
	keys: ['ctrl-s'],
	hint: 'save',
	help: 'Save the text to a file',
	quiet: true,
	press: ui => save(ui, ui.screen.id === 'yaml' ? 'yaml' : 'txt', () => wholeText(ui.text)),
};

export const saveRow: KeymapRow = {
	keys: ['ctrl-s'],
	hint: 'save',
	help: 'Save what is listed to a file: then `t` as text, `c` CSV, `j` JSON, or `s` the screen',
	quiet: true,
	press: ui => ui.update({overlay: {type: 'chord', title: 'Save as', keymap: [asText, asCsv, asJson, asScreen]}}),
};
