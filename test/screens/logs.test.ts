import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import {golden} from './golden.ts';

// Logs as a person sees them. `npm run update` writes them anew: look at the difference.

const long =
	'POST /api/orders/4711 201 {"customer":"c-17","items":[{"id":"a-1","count":2},{"id":"b-9","count":1}],"total":42.5,"currency":"EUR","note":"leave it with the neighbours, please; they are at home all day"}';
const texts = ['listening on 127.0.0.1:20001', 'GET /api/items/1 200 4ms', 'WARN upstream timed out after 900ms', long];

type Options = NonNullable<Parameters<typeof openDashboard>[1]>;

async function open(options: Options, keys: readonly string[], seen: string | RegExp) {
	const dashboard = await openDashboard(smallCluster(dashboardStart), options);
	dashboard.press('l');
	for (let index = 0; index < 60; index++) {
		const name = `api.${(index % 3) + 1}`;
		dashboard.cluster.log({
			instanceId: `${name}-id`,
			instanceName: name,
			at: dashboardStart + index * 1130,
			stream: index % 4 === 2 ? 'stderr' : 'stdout',
			text: texts[index % 4] ?? '',
		});
	}

	await dashboard.advance(200);
	dashboard.press(...keys);
	await dashboard.until(seen);
	return dashboard;
}

function check(name: string, keys: readonly string[], seen: string | RegExp) {
	golden(name, async options => open(options, keys, seen));
}

check('logs followed', [], /api.3 POST[\s\S]*following/);
check('logs with times', ['t'], '00:01:06.670');
check('logs wrapped', ['w'], 'all day');
check('logs searched', ['/', ...'9\\d\\dms', 'enter', 'N'], /\/9\\d\\dms \d+\/15/);
check('logs filtered', ['&', ...'!get', 'enter', 'm'], '&!get 46 of 61');
check('logs of stderr', ['e'], 'stderr only');
