// `npm run bench` measures everything, `npm run bench -- scheduler` what is named, `-- dashboard` all whose names begin so. Prints a table each, writes
// bench/results/NAME.json, and exits 1 when a limit is missed.
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type BenchResult, machine, table} from './result.ts';

/** Each module exports `bench`; loaded when it is run. */
const benches: Readonly<Record<string, () => Promise<{bench(): BenchResult | Promise<BenchResult>}>>> = {
	scheduler: () => import('./scheduler.ts'),
	cli: () => import('./cli.ts'),
	create: () => import('./local/create.ts'),
	thousand: () => import('./local/thousand.ts'),
	repair: () => import('./local/repair.ts'),
	pm2: () => import('./local/against-pm2.ts'),
	autoscale: () => import('./local/autoscale.ts'),
	'write-path': () => import('./local/write-path.ts'),
	gateway: () => import('./gateway.ts'),
	'gateway-http': () => import('./gateway-http.ts'),
	'dashboard-start': () => import('./dashboard/start.ts'),
	'dashboard-keys': () => import('./dashboard/keys.ts'),
	'dashboard-quiet': () => import('./dashboard/quiet.ts'),
	'dashboard-views': () => import('./dashboard/views.ts'),
	'dashboard-logs': () => import('./dashboard/logs.ts'),
	swarm: () => import('./swarm/index.ts'),
	kubernetes: () => import('./kubernetes/index.ts'),
	'no-failed-request': () => import('./local/no-failed-request.ts'),
};

const names = process.argv.slice(2);
const isNamed = (bench: string, name: string) => bench === name || bench.startsWith(`${name}-`);
const unknown = names.filter(name => !Object.keys(benches).some(bench => isNamed(bench, name)));
if (unknown.length > 0) {
	process.stderr.write(`No bench ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}.\n`);
	process.exit(2);
}

const results = path.join(import.meta.dirname, 'results');
mkdirSync(results, {recursive: true});
let missed = false;
for (const [name, load] of Object.entries(benches)) {
	if (names.length > 0 && !names.some(asked => isNamed(name, asked))) {
		continue;
	}

	try {
		const {bench} = await load();
		const result = await bench();
		writeFileSync(
			path.join(results, `${name}.json`),
			`${JSON.stringify({...result, machine: machine(), measuredAt: new Date().toISOString()}, undefined, '\t')}\n`,
		);
		process.stdout.write(`${table(result)}\n`);
		missed ||= result.rows.some(({ok}) => ok === false);
	} catch (error) {
		// The others are measured all the same.
		process.stderr.write(`${name} could not be measured: ${(error as Error).message}\n`);
		missed = true;
	}
}

process.exitCode = missed ? 1 : 0;
