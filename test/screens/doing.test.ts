import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import {golden} from './golden.ts';

// Forms and confirmations as a person sees them. `npm run update` writes them anew: look at the difference.

function check(name: string, keys: readonly string[], seen: string | RegExp, after = seen) {
	golden(name, async options => {
		const dashboard = await openDashboard(smallCluster(dashboardStart), options);
		dashboard.press(...keys);
		await dashboard.until(seen);
		await dashboard.advance(1000);
		await dashboard.until(after);
		return dashboard;
	});
}

check('form to create', ['n'], 'IMAGE is missing');
check('form filled in', ['n', ...'nodejs', 'tab', 'tab', ...'shop', 'tab', 'tab', '5'], /--replicas=5 nodejs/, '5 new');
check('form with a mistake', ['n', ...'nodejs', 'down', 'down', 'down', 'down', ...'five'], 'not a whole number');
check('form to update', ['G', 'k', 'u', 'tab', 'tab', 'backspace', '5'], /--replicas=15 web/, '3 new');
