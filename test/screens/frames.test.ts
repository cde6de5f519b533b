import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import {golden} from './golden.ts';

/** Opens the dashboard, presses the keys, waits for what must be seen. */
function check(name: string, keys: readonly string[], seen: string | RegExp) {
	golden(name, async options => {
		const dashboard = await openDashboard(smallCluster(dashboardStart), options);
		dashboard.press(...keys);
		// What is read on first use is there.
		await dashboard.advance(200);
		await dashboard.until(seen);
		return dashboard;
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
check('a description searched', ['d', '/', ...'start', 'enter', 'n'], '2/');
check('logs before any', ['l'], 'Nothing written yet');
check('delete', ['ctrl-d'], 'Remove the service api');
check('instances', [':', 'i', 'n', 's', 'enter'], 'batch.3');
check('images', [':', 'i', 'm', 'g', 'enter'], 'No image');
check('networks', [':', 'n', 'e', 't', 'enter'], 'No network');
check('volumes', [':', 'v', 'o', 'l', 'enter'], 'No volume');
check('configs', [':', 'c', 'o', 'n', 'f', 'i', 'g', 's', 'enter'], 'No config');
check('secrets', [':', 's', 'e', 'c', 'enter'], 'No secret');
check('marked', ['space', 'G', 'v', 'k'], '3 marked');
check('removing what is marked', ['space', 'G', 'space', 'ctrl-d'], 'Remove 2 services');
check('columns', ['W', 'j', 'space'], 'Columns of services');
check('a near miss', [':', ...'srvices'], 'services?');
check('completing', [':', ...'describe w', 'tab'], 'describe web');
check('faults only', ['ctrl-z'], 'faults only');
check('nothing matches', ['/', 'z', 'z', 'enter'], 'Nothing matches');
