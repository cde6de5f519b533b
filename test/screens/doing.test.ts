import path from 'node:path';
import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';

// Forms and confirmations as a person sees them. `npm run update` writes them anew: look at the difference.

const sizes = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
];

function check(name: string, keys: readonly string[], seen: string | RegExp, after = seen) {
	test.each(sizes)(`${name} at $columns×$rows`, async size => {
		const dashboard = await openDashboard(smallCluster(dashboardStart), {size});
		dashboard.press(...keys);
		await dashboard.until(seen);
		await dashboard.advance(1000);
		await dashboard.until(after);
		const file = `${name.replaceAll(' ', '-')}-${size.columns}x${size.rows}.txt`;
		await expect(`${dashboard.frame}\n`).toMatchFileSnapshot(path.join(import.meta.dirname, 'frames', file));
		dashboard.press('ctrl-c');
		await dashboard.left;
	});
}

check('form to create', ['n'], 'IMAGE is missing');
check('form filled in', ['n', ...'nodejs', 'tab', 'tab', ...'shop', 'tab', 'tab', '5'], /--replicas=5 nodejs/, '5 new');
check('form with a mistake', ['n', ...'nodejs', 'down', 'down', 'down', 'down', ...'five'], 'not a whole number');
check('form to update', ['G', 'k', 'u', 'tab', 'tab', 'backspace', '5'], /--replicas=15 web/, '3 new');
