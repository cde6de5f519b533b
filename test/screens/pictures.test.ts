import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import {golden} from './golden.ts';

// Pulse, map and troubles as a person sees them. `npm run update` writes them anew: look at the difference.

function check(name: string, keys: readonly string[], seen: string | RegExp) {
	golden(
		name,
		async options => {
			const dashboard = await openDashboard(smallCluster(dashboardStart), options);
			dashboard.press(...keys);
			await dashboard.until(seen);
			return dashboard;
		},
		{drawsColours: name.startsWith('map')},
	);
}

check('pulse', [':', 'p', 'u', 'l', 'enter'], 'BUSIEST SERVICES');
check('map', [':', 'm', 'a', 'p', 'enter'], 'a cell is');
check('map of memory', [':', 'm', 'a', 'p', 'enter', 'm', 'n'], 'memory ▁');
check('tree', [':', ...'xray', 'enter'], 'batch.3');
check('troubles', [':', 't', 'r', 'enter'], 'TROUBLE');
check('troubles remedy', [':', 't', 'r', 'enter', 'j', 'a'], 'Restart all instances: web?');

test.each(['pulse', 'map', 'tree', 'troubles'])('%s of nothing, and in hardly any room', async name => {
	const empty = await openDashboard([]);
	empty.press(':', ...name, 'enter');
	await empty.until(/Nothing|No node|No service/);
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
