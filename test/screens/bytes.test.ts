import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {crowd} from '../helpers/crowd.ts';
import {type DashboardHarness, dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import type {Size} from '../terminal/screen.ts';

// What goes over a slow link for a key. A frame is never more than four bytes for each cell, with colours and all; what moves a
// cursor is two lines of it and what tells where it is.

const sizes: readonly Size[] = [
	{columns: 80, rows: 24},
	{columns: 200, rows: 50},
];

const bytesOfCell = 4;
const linesOfMove = 5;

/** The bytes that a key brings, until nothing comes any more. */
async function cost(dashboard: DashboardHarness, keys: readonly string[]): Promise<number> {
	const before = dashboard.screen.bytes;
	dashboard.press(...keys);
	let seen = -1;
	let looks = 0;
	await dashboard.until(({bytes}) => {
		looks = bytes === seen && bytes > before ? looks + 1 : 0;
		seen = bytes;
		return looks >= 5;
	});
	return dashboard.screen.bytes - before;
}

test.each(sizes)('the bytes of a key are bounded at $columns×$rows', async size => {
	const dashboard = await openDashboard(crowd(dashboardStart, 2000), {size, theme: 'dark'});
	const frame = size.columns * size.rows * bytesOfCell;
	const move = size.columns * linesOfMove * bytesOfCell;
	for (const keys of [[':', 'i', 'n', 's', 'enter'], ['pgdn'], ['G'], ['g'], ['o', 'm'], ['ctrl-w'], ['d'], ['esc']]) {
		// A key of several is a frame each.
		expect([keys, (await cost(dashboard, keys)) <= frame * keys.length]).toEqual([keys, true]);
	}

	for (const key of ['j', 'j', 'k', 'down', 'up']) {
		const bytes = await cost(dashboard, [key]);
		expect([key, bytes > 0, bytes <= move, bytes]).toEqual([key, true, true, bytes]);
	}

	dashboard.press('ctrl-c');
	await dashboard.left;
});

test('a quiet cluster writes nothing', async () => {
	const dashboard = await openDashboard(crowd(dashboardStart, 200), {theme: 'dark'});
	await cost(dashboard, ['j']);
	const before = dashboard.screen.bytes;
	await dashboard.advance(900);
	expect(dashboard.screen.bytes).toBe(before);
	dashboard.press('ctrl-c');
	await dashboard.left;
});
