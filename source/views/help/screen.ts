import type {Kind} from '../../core/model/index.ts';
import {fitWidth} from '../../core/text/text.ts';
import {barWords} from '../bar/command-bar.ts';
import {mouseHelp} from '../input/mouse-help.ts';
import {type KeymapRow, keysLabel, whyNever} from '../keymap.ts';
import {groupsFor} from '../keymaps/groups.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import {type Span, wrapWords} from '../widgets/line.ts';

/** The keys of the screen that it was opened from. */
export const helpScreen: TextScreen = {
	type: 'text',
	id: 'help',
	aliases: ['h', '?'],
	keymap: [],
	lines: helpLines,
};

const keyColumns = 18;

function helpLines({ui}: TextContext): TextLines {
	const below = ui.state.places.at(-2);
	const screen = below ? ui.screenOf(below) : ui.screens[0];
	const heading = (title: string): ReadonlyArray<readonly Span[]> => [[], [' ', {role: 'title', text: title}]];
	const kind = screen?.type === 'table' ? screen.kind : undefined;
	const lines: Array<readonly Span[]> = (screen ? [...groupsFor(ui, screen), mouseHelp] : [])
		.filter(({rows}) => rows.length > 0)
		.flatMap(({title, rows}) => [...heading(title), ...rows.flatMap(row => rowLines(ui, row, kind))]);
	lines.push(...heading('command bar'), ...barWords(ui).flatMap(([word, text]) => helpLine(ui, `:${word}`, text)));
	return {count: lines.length, at: index => lines[index] ?? []};
}

/** A row's keys and what they do, in as many lines as that takes. */
function rowLines(ui: Ui, row: KeymapRow, kind: Kind | undefined): ReadonlyArray<readonly Span[]> {
	const why = whyNever(ui, row, kind);
	const text = why === undefined ? row.help : `${row.help} (${why})`;
	return helpLine(ui, keysLabel(row.keys), text);
}

function helpLine(ui: Ui, key: string, text: string): ReadonlyArray<readonly Span[]> {
	const columns = Math.max(20, ui.state.size.columns - keyColumns - 5);
	return wrapWords(text, columns).map((line, index) => [
		'   ',
		{role: 'key', text: fitWidth(index === 0 ? key : '', keyColumns)},
		` ${line}`,
	]);
}
