import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import type {Kind, Objects} from '../../source/core/model/index.ts';
import type {ResourceFacet} from '../../source/core/resource/facet.ts';
import {displayWidth, stripControl} from '../../source/core/text/text.ts';
import {allScreens} from '../../source/views/screens.ts';
import {type DashboardHarness, dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {aBoat, boats, quietWatch} from '../helpers/scripted-resources.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import type {Size} from '../terminal/screen.ts';

// Every screen of a cluster with such names, in a terminal emulator, beside that of a cluster whose names take as many
// columns in letters that take one each: all that is not a name must stand in the same place.

const sizes: readonly Size[] = [
	{columns: 80, rows: 24},
	{columns: 200, rows: 50},
];

/** Stands for each column that a name takes; nothing else that is drawn has it. */
const stand = 'ж';

/** All names and messages end in a text. The order of names stays. */
function clusterOf(ending: string): ReadonlyArray<Objects[Kind]> {
	const named = new Set(['name', 'serviceName', 'nodeName', 'message', 'reason', 'healthMessage', 'image']);
	const rename = (value: unknown, key: string): unknown => {
		if (Array.isArray(value)) {
			return value.map(one => rename(one, ''));
		}

		if (typeof value === 'object' && value !== null) {
			return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rename(one, name)]));
		}

		return typeof value === 'string' && named.has(key) ? `${value}${ending}` : value;
	};
	return smallCluster(dashboardStart).map(object => rename(object, '') as Objects[Kind]);
}

/** A kind beyond the model, whose names and cells end so too. */
function boatsOf(ending: string): ResourceFacet {
	const rows = ['one', 'three'].map((name, index) =>
		aBoat(name, [], {scope: `s${index}${ending}`, cells: [`${name}${ending}`, ending, '7']}),
	);
	const columns = ['NAME', `OF${ending}`, 'SIZE'].map(title => ({title, wide: false, numeric: false}));
	return {
		types: async () => [boats],
		table: async () => ({type: boats, columns, rows, revision: '1'}),
		describe: async () => [],
		watch: (_, __, ___, signal) => quietWatch(signal),
	} as Partial<ResourceFacet> as ResourceFacet;
}

type Shot = {readonly screen: string; readonly rows: ReadonlyArray<readonly string[]>};

async function shots(ending: string, size: Size): Promise<readonly Shot[]> {
	const dashboard = await openDashboard(clusterOf(ending), {size, facets: {resources: boatsOf(ending)}});
	const taken: Shot[] = [];
	for (const {id} of allScreens()) {
		const words = id === 'resources' ? 'get boats' : id;
		dashboard.press('esc', 'esc', ':', ...'services', 'enter', 'j', ':', ...words, 'enter', 'j', 'j');
		await dashboard.advance(300);
		await dashboard.until(isOn(id === 'resources' ? 'boats' : id));
		await dashboard.until(restsOf());
		taken.push({screen: id, rows: dashboard.screen.lines.map((_, row) => dashboard.screen.cells(row))});
	}

	await leave(dashboard);
	return taken;
}

/** The last crumb says which screen it is. */
function isOn(id: string): (screen: DashboardHarness['screen']) => boolean {
	return ({lines}) => new RegExp(`[ ›]${id.slice(0, 3)}[^›]*$`).test(lines[0] ?? '') && !lines.at(-2)?.startsWith(' :');
}

/** Nothing is waited for any more, and a few looks have seen the same. */
function restsOf(): (screen: DashboardHarness['screen']) => boolean {
	let seen = '';
	let looks = 0;
	return ({text}) => {
		looks = text === seen ? looks + 1 : 0;
		seen = text;
		return looks >= 5 && !/◌ connecting|Reading the|Asking …|^ …$/m.test(text);
	};
}

async function leave(dashboard: DashboardHarness): Promise<void> {
	dashboard.press('ctrl-c');
	await dashboard.left;
}

/** Where something else stands than beside it; what takes the place of a name is not looked at. */
function shifted(wide: Shot, narrow: Shot): readonly string[] {
	return narrow.rows.flatMap((cells, row) => {
		const other = wide.rows[row] ?? [];
		const column = cells.findIndex(
			(cell, at) => cell !== stand && cell !== '…' && cells[at - 1] !== '…' && cell !== other[at],
		);
		return column === -1
			? []
			: [`${wide.screen} ${row + 1},${column + 1}\n  ${cells.join('').trimEnd()}\n  ${other.join('').trimEnd()}`];
	});
}

test.each(sizes)(
	'wide, combining, right-to-left and unseen characters shift nothing at $columns×$rows',
	async size => {
		for (const ending of ['日한１e\u0301👍🏽', 'عرก็\u0301🇩🇪a\u200bb\u202e']) {
			const narrow = await shots(stand.repeat(displayWidth(stripControl(ending))), size);
			const wide = await shots(ending, size);
			expect(wide.flatMap((shot, index) => shifted(shot, narrow[index] as Shot))).toEqual([]);
		}
	},
	120_000,
);

/** Terminals do not agree how wide these are: what is behind them may move, but no row does, and none gets longer. */
test.each(sizes)(
	'characters that terminals disagree about move no row at $columns×$rows',
	async size => {
		for (const ending of ['👨‍👩‍👧🫠', 'क्षि❤️']) {
			const narrow = await shots(stand.repeat(displayWidth(ending)), size);
			const wide = await shots(ending, size);
			const beginnings = (all: readonly Shot[]) =>
				all.map(({screen, rows}) => [screen, ...rows.map(cells => cells.slice(0, 3).join('').replaceAll(stand, ''))]);
			expect(wide.map(({rows}) => rows.length)).toEqual(narrow.map(() => size.rows));
			expect(beginnings(wide)).toEqual(beginnings(narrow));
		}
	},
	120_000,
);
