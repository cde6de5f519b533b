import {toClusterError} from '../../core/error.ts';
import {parseDuration} from '../../core/text/units.ts';
import {openPrompt} from '../errands/asking.ts';
import {errorText} from '../errands/running.ts';
import type {KeymapRow} from '../keymap.ts';
import {toEnd} from '../keymaps/text-keymap.ts';
import {frameParts} from '../state.ts';
import {copyLines} from '../terminal/copying.ts';
import {type Written, written} from '../text/pattern.ts';
import type {Ui} from '../ui.ts';
import {indexOf} from './log-view.ts';
import type {LogSession} from './session.ts';
import {spans} from './settings.ts';

const panColumns = 20;

export function logsKeymap(session: LogSession): readonly KeymapRow[] {
	return [
		{keys: ['f'], hint: 'follow', help: 'Follow the end, or stay where you are', press: toggleFollow},
		{
			keys: ['/'],
			hint: 'search',
			help: 'Search: a regular expression; small letters find capitals too',
			press: ui => openSearch(ui, session),
		},
		{
			keys: ['n', 'N'],
			hint: 'next',
			help: 'Go to the next line that was found, or to the one before',
			quiet: true,
			unavailable: () =>
				session.settings.search === undefined ? 'Nothing is searched for: press / first.' : undefined,
			press: (ui, _, key) => toFound(ui, session, key === 'n' ? 1 : -1),
		},
		{
			keys: ['&'],
			hint: 'filter',
			help: 'Show only lines that match; `!` in front: only those that do not',
			press: ui => openFilter(ui, session),
		},
		{keys: ['w'], hint: 'wrap', help: 'Wrap long lines, or not', press: ui => session.toggle(ui, 'wraps')},
		{keys: ['t'], hint: 'times', help: 'Show when each line was written', press: ui => session.toggle(ui, 'times')},
		{
			keys: ['e'],
			hint: 'stderr',
			help: 'Show only what was written to stderr, or all',
			press: ui => session.change(ui, {stderrOnly: !session.settings.stderrOnly}),
		},
		{
			keys: Object.keys(spans),
			hint: 'since',
			help: 'How far back: the last lines, all, 1m, 5m, 15m, 1h, 24h',
			press: (ui, _, key) => lookBack(ui, session, key),
		},
		{
			keys: ['S'],
			hint: 'since …',
			help: 'How far back: typed, as 90s or 2h',
			quiet: true,
			press: ui => openSince(ui, session),
		},
		{
			keys: ['p', 'P'],
			hint: 'run before',
			help: 'The run of this instance before the one shown, or the one after it',
			unavailable: ui =>
				ui.place.about?.kind === 'instance' ? undefined : 'One instance has runs: go to its logs first.',
			press: (ui, _, key) => session.toRun(ui, key === 'p' ? 1 : -1),
		},
		{keys: ['m'], hint: 'mark', help: 'Draw a line behind what has come so far', press: ui => session.mark(ui)},
		{
			keys: ['c'],
			hint: 'copy',
			help: 'Copy the lines shown to the clipboard of the terminal, the last ones where they are many',
			quiet: true,
			press: ui => copyLines(ui, session.text),
		},
		{keys: ['ctrl-s'], hint: 'save', help: 'Save the lines shown to a file', press: ui => save(ui, session)},
		{keys: ['right'], hint: 'right', help: 'See more of long lines', quiet: true, press: ui => pan(ui, session, 1)},
		{keys: ['left'], hint: 'left', help: 'Back to their beginnings', quiet: true, press: ui => pan(ui, session, -1)},
	];
}

function toggleFollow(ui: Ui): void {
	if (ui.place.top === undefined) {
		ui.updatePlace({top: Math.max(0, ui.text.count - frameParts(ui.state).body)});
	} else {
		toEnd(ui);
	}
}

/** Takes back search and filter; false: there was neither. */
export function takeBack(ui: Ui, session: LogSession): boolean {
	const {search, filter} = session.settings;
	if (search === undefined && filter === undefined) {
		return false;
	}

	session.current = undefined;
	session.change(ui, search === undefined ? {filter: undefined} : {search: undefined});
	return true;
}

function openSearch(ui: Ui, session: LogSession): void {
	const before = session.settings.search;
	openPrompt(ui, {
		label: '/',
		text: '',
		hint: text => [text === '' ? '' : found(session), written(text)?.pattern.note].filter(Boolean).join(' · '),
		change: text => session.change(ui, {search: written(text)}),
		submit(text) {
			// As in less: enter on nothing goes on with what was searched for before.
			session.change(ui, {search: text === '' ? before : written(text)});
			toFirstFound(ui, session);
			return undefined;
		},
		cancel: () => session.change(ui, {search: before}),
	});
}

function found({view}: LogSession): string {
	const count = view?.found.length ?? 0;
	return `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`;
}

/** The first line found on this page or below it, else the last one above. */
function toFirstFound(ui: Ui, session: LogSession): void {
	const {view, settings} = session;
	if (view === undefined || settings.search === undefined) {
		return;
	}

	const {body} = frameParts(ui.state);
	const top = ui.place.top ?? Math.max(0, view.count - body);
	const number = view.at(top)?.number ?? 0;
	const next = view.found[indexOf(view.found, number)] ?? view.found.at(-1);
	if (next === undefined) {
		ui.say('warning', `No line has ${settings.search.text}.`);
	} else {
		session.show(ui, next);
	}
}

/** Round the ends. */
function toFound(ui: Ui, session: LogSession, by: 1 | -1): void {
	const {view, current} = session;
	const all = view?.found ?? [];
	if (current === undefined || all.length === 0) {
		toFirstFound(ui, session);
		return;
	}

	const index = indexOf(all, current);
	const wanted = all[index] === current ? index + by : by === 1 ? index : index - 1;
	const next = all[(wanted + all.length) % all.length];
	if (next !== undefined) {
		session.show(ui, next);
		if (wanted < 0 || wanted >= all.length) {
			ui.say('plain', wanted < 0 ? 'On from the end.' : 'On from the beginning.');
		}
	}
}

function openFilter(ui: Ui, session: LogSession): void {
	const before = session.settings.filter;
	const change = (filter: Written | undefined) => session.change(ui, {filter});
	openPrompt(ui, {
		label: '&',
		text: before?.text ?? '',
		hint: text =>
			[`${session.view?.shown.toLocaleString('en') ?? 0} lines`, written(text)?.pattern.note]
				.filter(Boolean)
				.join(' · '),
		change: text => change(written(text)),
		submit: () => undefined,
		cancel: () => change(before),
	});
}

function lookBack(ui: Ui, session: LogSession, key: string): void {
	const {label = '', ms} = spans[key] ?? {};
	session.change(ui, {since: ms === undefined ? undefined : {label, ms}});
	ui.updatePlace({top: undefined});
}

function openSince(ui: Ui, session: LogSession): void {
	openPrompt(ui, {
		label: 'Since ',
		text: '',
		hint: text => (text === '' || durationOf(text) !== undefined ? '90s, 5m, 2h' : 'no duration, as 90s, 5m or 2h'),
		submit(text) {
			const ms = durationOf(text);
			if (ms === undefined) {
				return false;
			}

			session.change(ui, {since: {label: text, ms}});
			ui.updatePlace({top: undefined});
			return undefined;
		},
	});
}

function durationOf(text: string): number | undefined {
	try {
		return parseDuration(text);
	} catch {
		return undefined;
	}
}

function pan(ui: Ui, session: LogSession, by: 1 | -1): void {
	session.change(ui, {pan: session.wraps ? 0 : Math.max(0, session.settings.pan + by * panColumns)});
}

function save(ui: Ui, session: LogSession): void {
	const {about} = ui.place;
	const lines = session.view?.shown ?? 0;
	const at = new Date(ui.clock.now()).toISOString().slice(0, 19).replaceAll(/[:-]/g, '').replace('T', '-');
	void ui.ports.save(`${about?.name ?? 'muster'}-logs-${at}.log`, session.text).then(
		file => ui.say('good', `✓ ${lines.toLocaleString('en')} lines saved to ${file}`),
		(error: unknown) => ui.say('bad', errorText(toClusterError(error))),
	);
}
