import path from 'node:path';
import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';

// Pulse, map and troubles as a person sees them. `npm run update` writes them anew: look at the difference.

const sizes = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 200, rows: 50},
];

function check(name: string, keys: readonly string[], seen: string | RegExp) {
	test.each(sizes)(`${name} at $columns×$rows`, async size => {
		const dashboard = await openDashboard(smallCluster(dashboardStart), {size});
		dashboard.press(...keys);
		await dashboard.until(seen);
		const file = `${name.replaceAll(' ', '-')}-${size.columns}x${size.rows}.txt`;
		await expect(`${dashboard.frame}\n`).toMatchFileSnapshot(path.join(import.meta.dirname, 'frames', file));
		expect(dashboard.screen.lines.length).toBe(size.rows);
		dashboard.press('ctrl-c');
		await dashboard.left;
	});
}

check('pulse', [':', 'p', 'u', 'l', 'enter'], 'BUSIEST SERVICES');
check('map', [':', 'm', 'a', 'p', 'enter'], 'a cell is');
check('map of memory', [':', 'm', 'a', 'p', 'enter', 'm', 'n'], 'memory ▁');
check('troubles', [':', 't', 'r', 'enter'], 'TROUBLE');
check('troubles remedy', [':', 't', 'r', 'enter', 'j', 'a'], 'Restart all instances: web?');

test.each(['pulse', 'map', 'troubles'])('%s of nothing, and in hardly any room', async name => {
	const empty = await openDashboard([]);
	empty.press(':', ...name, 'enter');
	await empty.until(/Nothing|No node/);
	empty.press('ctrl-c');
	await empty.left;
	const tiny = await openDashboard(smallCluster(dashboardStart));
	tiny.press(':', ...name, 'enter');
	await tiny.until(name);
	for (const size of [
		{columns: 30, rows: 5},
		{columns: 12, rows: 3},
		{columns: 3, rows: 1},
	]) {
		tiny.resize(size);
		tiny.press('j', 'k', 'down', 'right', 'G', 'g');
		await tiny.screen.settled();
		expect(tiny.screen.lines.length).toBe(size.rows);
	}

	tiny.resize({columns: 80, rows: 24});
	await tiny.until(name);
	tiny.press('ctrl-c');
	await tiny.left;
});
