import path from 'node:path';
import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';

// Whole frames as a person sees them. `npm run update` writes them anew: look at the difference.

const sizes = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 200, rows: 50},
];

/** Opens the dashboard, presses the keys, waits for what must be seen, and compares the frame at each size. */
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
		await dashboard.screen.settled();
		expect(dashboard.screen.isAlternate).toBe(false);
	});
}

check('services', [], 'batch');
check('services sorted by replicas', ['o', 'r'], 'REPLICAS ↑');
check('instances of a service', ['G', 'k', 'enter'], 'web instances');
check('nodes', [':', 'n', 'o', 'enter'], 'AVAILABILITY');
check('events', [':', 'e', 'v', 'enter'], 'REASON');
check('scaling', ['+', '+'], 'api 4 → 6');
check('drain', [':', 'n', 'o', 'enter', 'D', 't'], 'deadline 1m');
check('filter', ['/', 'w', 'e'], '1 of 4');
check('command bar', [':', 'n'], ':n');
check('sort chord', ['o'], 'Sort by');
check('help', ['?'], 'Show its instances');
check('describe a service', ['d'], 'Service api');
check('describe a node', [':', 'n', 'o', 'enter', 'd'], /capacity[\s\S]*Node n1/);
check('describe an instance', [':', 'i', 'n', 's', 'enter', 'd'], 'Instance api.1');
check('yaml', ['y'], 'kind: service');
check('logs before any', ['l'], 'Nothing written yet');
check('delete', ['ctrl-d'], 'Remove the service api');
