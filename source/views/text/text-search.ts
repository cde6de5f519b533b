import {displayWidth} from '../../core/text/text.ts';
import {openPrompt} from '../errands/asking.ts';
import type {KeymapRow} from '../keymap.ts';
import {frameParts} from '../state.ts';
import {copyTextRow} from '../terminal/copying.ts';
import {saveTextRow} from '../terminal/saving.ts';
import type {Ui} from '../ui.ts';
import {written} from './pattern.ts';
import {foundIn, lineText, panFor} from './text-lines.ts';

const panColumns = 20;

/** Looking for something in a text, and what is too long for the screen; the logs have keys of their own for it. */
export const textSearchKeymap: readonly KeymapRow[] = [
	{
		keys: ['/'],
		hint: 'search',
		help: 'Search: a regular expression; small letters find capitals too; `esc` ends it',
		press: openSearch,
	},
	{
		keys: ['n', 'N'],
		hint: 'next',
		help: 'Go to the next line that was found, or to the one before',
		quiet: true,
		unavailable: ui => (ui.place.search === undefined ? 'Nothing is searched for: press / first.' : undefined),
		press: (ui, _, key) => toFound(ui, key === 'n' ? 1 : -1),
	},
	{keys: ['right'], hint: 'right', help: 'See more of long lines', quiet: true, press: ui => pan(ui, panColumns)},
	{keys: ['left'], hint: 'left', help: 'Back to their beginnings', quiet: true, press: ui => pan(ui, -panColumns)},
	copyTextRow,
	saveTextRow,
];

function openSearch(ui: Ui): void {
	const before = ui.place.search;
	openPrompt(ui, {
		label: '/',
		text: '',
		hint: () => searchHint(ui),
		history: ui.memory.lines('filters'),
		change: text => ui.updatePlace({search: written(text)}),
		submit(text) {
			// As in less: enter on nothing goes on with what was searched for before.
			ui.updatePlace({search: text === '' ? before : written(text)});
			ui.memory.addLine('filters', text);
			toFirstFound(ui);
			return undefined;
		},
		cancel: () => ui.updatePlace({search: before}),
	});
}

function searchHint({place: {search}, text}: Ui): string {
	if (search === undefined) {
		return '';
	}

	const count = foundIn(text, search.pattern).length;
	return [`${count} ${count === 1 ? 'line' : 'lines'}`, search.pattern.note].filter(Boolean).join(' · ');
}

/** The first one on this page or below it, else the last one above. */
function toFirstFound(ui: Ui): void {
	const {search, top = 0} = ui.place;
	if (search === undefined) {
		return;
	}

	const found = foundIn(ui.text, search.pattern);
	const next = found.find(index => index >= top) ?? found.at(-1);
	if (next === undefined) {
		ui.say('warning', `No line has ${search.text}.`);
	} else {
		show(ui, next);
	}
}

/** Round the ends. */
function toFound(ui: Ui, by: 1 | -1): void {
	const {search} = ui.place;
	const found = search === undefined ? [] : foundIn(ui.text, search.pattern);
	const at = search?.at;
	if (at === undefined || found.length === 0) {
		toFirstFound(ui);
		return;
	}

	const beyond = by === 1 ? found.find(index => index > at) : found.findLast(index => index < at);
	const next = beyond ?? found.at(by === 1 ? 0 : -1);
	if (next !== undefined) {
		show(ui, next);
		if (beyond === undefined) {
			ui.say('plain', by === 1 ? 'On from the beginning.' : 'On from the end.');
		}
	}
}

/** A line that is seen already stays where it is, another comes into the upper third. */
function show(ui: Ui, index: number): void {
	const {place, text, state} = ui;
	if (place.search === undefined) {
		return;
	}

	const {body} = frameParts(state);
	const {top = 0, search} = place;
	const isSeen = index >= top && index < top + body;
	const wanted = isSeen ? top : Math.max(0, Math.min(index - Math.floor(body / 3), text.count - body));
	const room = {columns: state.size.columns, pan: place.pan ?? 0};
	const moved = panFor(lineText(text, index), search.pattern, room);
	ui.updatePlace({top: wanted, pan: moved, search: {...search, at: index}});
}

/** As long as something is cut off. */
function pan(ui: Ui, by: number): void {
	const {place, text, state} = ui;
	const {top = 0, pan: before = 0} = place;
	const rows = Math.min(frameParts(state).body, text.count - top);
	const widths = Array.from({length: rows}, (_, row) => displayWidth(lineText(text, top + row)));
	const isCut = Math.max(0, ...widths) > before + state.size.columns;
	if (by < 0 || isCut) {
		ui.updatePlace({pan: Math.max(0, before + by)});
	}
}
