import type {KeymapRow, Target} from '../keymap.ts';
import {shownColumns} from '../list/columns-shown.ts';
import type {Ports} from '../ports.ts';
import type {TableScreen} from '../screen.ts';
import {wholeText} from '../text/text-lines.ts';
import type {Ui} from '../ui.ts';
import {spanText} from '../widgets/line.ts';
import {withTimes} from '../yaml/with-times.ts';

/** More than this most terminals throw away without a word. */
const usualBytes = 74_000;

/** What puts a text on the clipboard of whoever sits at the terminal (OSC 52), however far away that is. */
export function clipboardSequence(text: string, within: Ports['within']): string {
	const own = `\u{1B}]52;c;${Buffer.from(text).toString('base64')}\u{7}`;
	switch (within) {
		case 'tmux':
			// By itself where tmux takes it, and past tmux where that is allowed: one of both is switched off most often.
			return `${own}\u{1B}Ptmux;${own.replaceAll('\u{1B}', '\u{1B}\u{1B}')}\u{1B}\\`;
		case 'screen':
			return `\u{1B}P${own}\u{1B}\\`;
		case undefined:
			return own;
	}
}

/** Puts a text on the clipboard, and says what it was. */
export function copy(ui: Ui, what: string, text: string): void {
	ui.terminal.write(clipboardSequence(text, ui.ports.within));
	const bytes = Buffer.byteLength(text);
	const doubt = bytes > usualBytes ? `: ${bytes} bytes are more than many terminals take` : '';
	ui.say(doubt === '' ? 'good' : 'warning', `✓ copied ${what}${doubt}`);
}

/** Lines, the last ones where that is more than terminals take. */
export function copyLines(ui: Ui, text: string): void {
	const lines = text.trimEnd().split('\n');
	let bytes = 0;
	let first = lines.length;
	while (first > 0 && bytes + Buffer.byteLength(lines[first - 1] ?? '') < usualBytes) {
		first--;
		bytes += Buffer.byteLength(lines[first] ?? '') + 1;
	}

	const count = (lines.length - first).toLocaleString('en');
	copy(
		ui,
		first === 0
			? `${count} ${lines.length === 1 ? 'line' : 'lines'}`
			: `the last ${count} lines of ${lines.length.toLocaleString('en')}`,
		lines.slice(first).join('\n'),
	);
}

/** A line for each. */
function copyOf(ui: Ui, what: string, targets: readonly Target[], textOf: (target: Target) => string): void {
	const [first, ...others] = targets;
	const name = others.length === 0 ? `${what} of ${first?.name}` : `${what} of ${targets.length}`;
	copy(ui, name, targets.map(textOf).join('\n'));
}

function copyName(ui: Ui, targets: readonly Target[]): void {
	copyOf(ui, 'the name', targets, ({name}) => name);
	const rows = [
		row('i', 'id', 'Copy the id', (it, all) => copyOf(it, 'the id', all, ({id}) => id)),
		row('r', 'row', 'Copy the row as it is listed', (it, all) => copyOf(it, 'the row', all, one => rowText(it, one))),
		row('y', 'YAML', 'Copy it as YAML', copyYaml),
	];
	ui.update({overlay: {type: 'chord', title: 'Copied the name; or', keymap: rows, passes: true}});

	function row(key: string, hint: string, help: string, act: (it: Ui, all: readonly Target[]) => void): KeymapRow {
		return {keys: [key], hint, help, press: it => act(it, targets)};
	}
}

function copyYaml(ui: Ui, targets: readonly Target[]): void {
	void import('yaml').then(({stringify}) => {
		copyOf(ui, 'the YAML', targets, one => stringify(one, withTimes, {aliasDuplicateObjects: false}));
	});
}

/** Its cells with tabs between them. */
function rowText(ui: Ui, target: Target): string {
	const {screen, context} = ui;
	const shown = screen.type === 'table' ? shownColumns(ui, screen as TableScreen) : [];
	const columns = shown.filter(({title}) => title.trim() !== '');
	return columns.map(column => spanText(column.cell(target as never, context)).trim()).join('\t');
}

export const copyTextRow: KeymapRow = {
	keys: ['c'],
	hint: 'copy',
	help: 'Copy the text to the clipboard of the terminal',
	quiet: true,
	press: ui => copy(ui, `${ui.text.count} lines`, wholeText(ui.text)),
};

export const copyRow: KeymapRow = {
	keys: ['c'],
	hint: 'copy',
	help: 'Copy its name to the clipboard of the terminal; then `i` its id, `r` the row, `y` its YAML',
	quiet: true,
	needsTarget: true,
	press: (ui, target) => target && copyName(ui, [target]),
	many: copyName,
};
