import type {JournalEntry} from '../../actions/journal/journal.ts';
import {whyNotUndone} from '../../actions/journal/undo.ts';
import {displayWidth, fitWidth, stripControl, truncate} from '../../core/text/text.ts';
import {clickLine, drawnFrom, topFor} from '../cursor.ts';
import type {PictureScreen} from '../screen.ts';
import type {Size} from '../state.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';
import {changesKeymap, keysOf, selectedEntry, selectedIndex} from './keymap.ts';
import {recorded} from './recorded.ts';

type Line = readonly Span[];

const mostWho = 20;
const ageColumns = 6;

/** What was changed with muster in this context, the newest first: by whom, what came of it, and whether it can be taken back. */
export const changesScreen: PictureScreen = {
	type: 'picture',
	id: 'changes',
	aliases: ['audit', 'undo'],
	keymap: changesKeymap,
	draw,
	target: () => undefined,
	status(ui) {
		const {length} = keysOf(ui);
		return length === 0 ? '' : `${selectedIndex(ui) + 1}/${length}`;
	},
	click: (ui, {row}) => clickLine(ui, row, keysOf(ui)),
	open: recorded.open,
	close: recorded.close,
};

function draw(ui: Ui, {columns, rows}: Size): readonly Line[] {
	const found = recorded.of(ui);
	if (found === undefined) {
		return said('dim', 'Reading what was changed …');
	}

	if (found.entries.length === 0) {
		return found.failure === undefined
			? said('dim', `Nothing was changed in ${ui.executor.backend.name} with muster on this machine.`)
			: said('bad', found.failure);
	}

	const details = detailsOf(ui, found.all, columns).slice(0, Math.max(0, rows - 4));
	const index = selectedIndex(ui);
	const room = Math.max(1, rows - 2 - details.length);
	const top = topFor(index, found.entries.length, room);
	drawnFrom(ui, {line: 1, top, count: room});
	const shown = found.entries.slice(top, top + room);
	const whoColumns = Math.min(mostWho, Math.max(3, ...shown.map(({who}) => displayWidth(stripControl(who)))));
	const list = shown.map((entry, row): Line => {
		const result = resultOf(entry, found.undone);
		const age = fitWidth(ui.context.ages.of(entry.at), ageColumns, 'right');
		const text = `${age}  ${fitWidth(stripControl(entry.who), whoColumns)}  ${fitWidth(result, resultColumns)}  ${stripControl(entry.command)}`;
		return top + row === index
			? [{role: 'selected', text: fitWidth(truncate(`▸${text}`, columns), columns)}]
			: [{role: roleOf(result), text: truncate(` ${text}`, columns)}];
	});
	const heading = ` ${fitWidth('AGE', ageColumns, 'right')}  ${fitWidth('WHO', whoColumns)}  ${fitWidth('RESULT', resultColumns)}  COMMAND`;
	const title: Line = [{role: 'dim', text: truncate(heading, columns)}];
	return [title, ...list, [], ...details].slice(0, rows);
}

const results = ['done', 'undone', 'failed'] as const;
const resultColumns = Math.max(...results.map(({length}) => length));

function resultOf({id, result}: JournalEntry, undone: ReadonlySet<string>): (typeof results)[number] {
	return result.ok ? (undone.has(id) ? 'undone' : 'done') : 'failed';
}

function roleOf(result: (typeof results)[number]): Role {
	return result === 'done' ? 'plain' : result === 'undone' ? 'dim' : 'bad';
}

/** Of the one under the cursor: what does not stand in its row. */
function detailsOf(ui: Ui, all: readonly JournalEntry[], columns: number): readonly Line[] {
	const entry = selectedEntry(ui);
	if (entry === undefined) {
		return [];
	}

	const why = whyNotUndone(entry, all);
	const undone = all.find(({id}) => id === entry.undoes);
	return [
		{role: 'title' as const, text: ` ${stripControl(entry.command)}`},
		...(entry.result.ok ? [] : [{role: 'bad' as const, text: `   ${stripControl(entry.result.message)}`}]),
		...(undone === undefined ? [] : [{role: 'plain' as const, text: `   took back: ${stripControl(undone.command)}`}]),
		why === undefined
			? {role: 'plain' as const, text: `   enter undoes it, as does: muster undo ${entry.id}`}
			: {role: 'dim' as const, text: `   cannot be undone: ${why}`},
	].map(({role, text}): Line => [{role, text: truncate(text, columns)}]);
}

function said(role: Role, text: string): readonly Line[] {
	return [[], [{role, text: ` ${text}`}]];
}
