import type {Random} from '../../source/core/model/id.ts';
import {displayWidth} from '../../source/core/text/text.ts';
import {createDemo} from '../../source/demo/demo.ts';
import {frameLines} from '../../source/views/frame.ts';
import {paste, press} from '../../source/views/input/dispatch.ts';
import {point} from '../../source/views/input/mouse.ts';
import type {MouseReport} from '../../source/views/input/mouse-reports.ts';
import {activeGroups} from '../../source/views/keymaps/groups.ts';
import {openCollections} from '../../source/views/live/collections.ts';
import {allScreens} from '../../source/views/screens.ts';
import {makeTheme} from '../../source/views/theme.ts';
import {Ui} from '../../source/views/ui.ts';
import {hintAt} from '../../source/views/widgets/hint-bar.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {seededRandom} from '../helpers/seeded-random.ts';
import {hostileCluster, pick, stir} from './clusters.ts';
import {Confirmations} from './confirmations.ts';

export type FuzzResult = {
	readonly seed: number;
	readonly keys: number;
	/** How many times something was destroyed, each after a confirmation: a run without any tests little. */
	readonly destroyed: number;
	readonly problems: readonly string[];
};

/** What is pressed although no row may have it. */
const strays = [
	'f1',
	'insert',
	'ctrl-q',
	'ctrl-x',
	'alt',
	'\u{1F600}',
	'日',
	'\u0301',
	'\ud800',
	'~',
	'"',
	'\\',
	'0',
	'9',
];
const common = ['j', 'k', 'enter', 'enter', 'esc', ' ', 'tab', 'down', 'up', 'pgdn', 'end', 'home', 'backspace', 'y'];
const words = [
	'web',
	'svc',
	'ins',
	'node',
	'pulse',
	'map',
	'tr',
	'ev',
	'img',
	'-l a=b',
	'-f wb',
	'!web',
	'[',
	'(?',
	'zz',
	'0',
];

/** Plays keys, sizes, time and happenings by a seed, and looks at every frame. Every Nth seed has a lively cluster. */
export async function fuzz(seed: number, keys: number, print?: (line: string) => void): Promise<FuzzResult> {
	const random = seededRandom(seed);
	const clock = createManualClock(1_000_000_000_000);
	const confirmations = new Confirmations();
	const scripted =
		seed % 3 === 0 ? undefined : hostileCluster(random, {kill: async () => {}, failNode: async () => {}});
	const demo = {seed, nodes: 3, instances: 30, changesPerSecond: 5};
	const backend = confirmations.guard(scripted ?? createDemo(demo, clock));
	const collections = openCollections(backend, clock);
	const ui = new Ui({
		executor: {
			backend,
			journal: {record() {}, read: async () => []},
			who: 'fuzz',
			now: () => clock.now(),
			random,
			readOnly: seed % 20 === 19,
		},
		collections,
		clock,
		theme: makeTheme(pick(random, ['none', 'dark', 'light'])),
		screens: allScreens(),
		size: {columns: 80, rows: 24},
		// It goes on: who has left presses nothing.
		leave() {},
	});
	collections.subscribe(() => ui.changed());
	const problems: string[] = [];
	let last = '';
	const unhandled = (reason: unknown) => problems.push(`after ${last}: rejected: ${textOf(reason)}`);
	process.on('unhandledRejection', unhandled);
	let done = 0;
	try {
		await turns();
		while (done < keys && problems.length === 0) {
			const deed = next(random, ui);
			last = `${done} ${deed.name}`;
			print?.(last);
			done += Math.max(1, deed.keys.length);
			for (const key of deed.keys) {
				confirmations.pressing(ui, key);
				press(ui, key);
			}

			// A click on a hint is its key.
			confirmations.pressing(ui, deed.at === undefined ? '' : (hintAt(ui, deed.at.column) ?? ''));
			deed.act?.(ui);
			if (deed.act !== undefined) {
				stirTime(random, clock.advance.bind(clock), scripted && (() => stir(scripted, random)));
				await turns();
			} else if (deed.keys.includes('enter') || deed.keys.includes('y')) {
				await turns();
			}

			problems.push(...looks(ui), ...confirmations.problems.splice(0));
		}
	} catch (error) {
		problems.push(textOf(error));
	} finally {
		ui.close();
		collections.close();
		backend.close();
		process.off('unhandledRejection', unhandled);
	}

	return {
		seed,
		keys: done,
		destroyed: confirmations.count,
		problems: problems.map(problem => `after ${last}: ${problem}`),
	};
}

/** Something that is done: keys, or something else. */
type Deed = {readonly name: string; readonly keys: readonly string[]; readonly at?: MouseReport; act?(ui: Ui): void};

function next(random: Random, ui: Ui): Deed {
	const dice = random();
	if (dice < 0.02) {
		const size = {columns: pick(random, sizes), rows: pick(random, [1, 2, 3, 5, 6, 10, 24, 40, 50])};
		return {name: `size ${size.columns}x${size.rows}`, keys: [], act: it => it.resize(size)};
	}

	if (dice < 0.03) {
		const text = pick(random, words) + (random() < 0.5 ? '\r\x1b[31m' : '');
		return {name: `paste ${JSON.stringify(text)}`, keys: [], act: it => paste(it, text)};
	}

	if (dice < 0.05) {
		const at: MouseReport = {
			type: pick(random, ['click', 'click', 'mark', 'wheel-up', 'wheel-down']),
			row: Math.floor(random() * (ui.state.size.rows + 1)),
			column: Math.floor(random() * (ui.state.size.columns + 2)),
		};
		return {name: `${at.type} ${at.row},${at.column}`, keys: [], at, act: it => point(it, at)};
	}

	const keys =
		dice < 0.07
			? [pick(random, [':', '/', ':']), ...pick(random, words), pick(random, ['enter', 'enter', 'tab', 'esc'])]
			: [keyFor(random, ui)];
	return {name: `press ${keys.join(' ')}`, keys};
}

const sizes = [1, 2, 5, 12, 30, 60, 80, 80, 80, 100, 120, 200];

/** Mostly what does something here. */
function keyFor(random: Random, ui: Ui): string {
	const dice = random();
	if (dice < 0.3) {
		return pick(random, common);
	}

	if (dice < 0.4) {
		return pick(
			random,
			random() < 0.5 ? strays : [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-:/?!'],
		);
	}

	const rows = activeGroups(ui).flatMap(group => group.rows);
	return rows.length === 0 ? 'esc' : pick(random, pick(random, rows).keys);
}

function stirTime(random: Random, advance: (ms: number) => void, happen: (() => void) | undefined): void {
	happen?.();
	advance(pick(random, [0, 10, 100, 700, 1000, 5000, 20_000]));
}

/** What must hold of every frame. */
function looks(ui: Ui): string[] {
	const {columns, rows} = ui.state.size;
	const lines = frameLines(ui);
	ui.drawn(ui.version);
	const problems: string[] = [];
	if (lines.length > rows) {
		problems.push(`a frame of ${lines.length} lines on ${rows}`);
	}

	for (const line of lines) {
		const plain = line.includes('\x1b') ? line.replace(painting, '') : line;
		if (unsafe.test(plain)) {
			problems.push(`a line that is not safe: ${JSON.stringify(line)}`);
		} else if (displayWidth(plain) > columns) {
			problems.push(`a line of ${displayWidth(plain)} columns on ${columns}: ${JSON.stringify(line)}`);
		}
	}

	return problems;
}

/** All that a theme writes. */
const painting = /\x1b\[[\d;]*m/g;
const unsafe = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])/;

async function turns(): Promise<void> {
	await new Promise(resolve => setImmediate(resolve));
	await new Promise(resolve => setImmediate(resolve));
}

function textOf(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
