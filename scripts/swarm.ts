// `npm run test:swarm`: swarms of three and of five nodes from nothing, the tests against them, and their end. The last line is
// `N passed, N failed`. `--only 3` or `--only 5` takes one of the two.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {startSwarm, whyNoCluster} from '../test/clusters/swarm-cluster.ts';

type Round = {readonly nodes: string; readonly flags: readonly string[]; readonly tests: readonly string[]};

const root = path.dirname(import.meta.dirname);
const folder = 'test/backends/swarm';

const rounds: readonly Round[] = [
	{
		nodes: '3',
		flags: ['3'],
		tests: ['conformance', 'engine', 'volumes', 'tend', 'killed', 'scenarios', 'membership', 'inside', 'ssh'].map(
			name => `${folder}/${name}.test.ts`,
		),
	},
	{
		nodes: '5',
		flags: ['5', '--managers', '3', '--tls'],
		tests: ['conformance', 'scenarios', 'membership', 'inside'].map(name => `${folder}/${name}.test.ts`),
	},
];

/** Answers with passed and failed. */
async function play({flags, tests}: Round): Promise<[number, number]> {
	const cluster = await startSwarm(flags, {name: `mts${flags[0]}`, subnet: `10.213.8${flags[0]}`});
	const scratch = mkdtempSync(path.join(tmpdir(), 'muster-swarm-report-'));
	const report = path.join(scratch, 'report.json');
	try {
		const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism', ...tests];
		const {status} = spawnSync(
			process.execPath,
			[...vitest, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
			{
				cwd: root,
				stdio: ['ignore', 'inherit', 'inherit'],
				env: {...process.env, MUSTER_TEST_SWARM: cluster.state},
			},
		);
		const {numPassedTests = 0, numFailedTests = 0} = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
		// A file that cannot be loaded has no tests to count.
		return [numPassedTests, status === 0 ? numFailedTests : Math.max(1, numFailedTests)];
	} finally {
		await cluster.end();
		rmSync(scratch, {recursive: true, force: true});
	}
}

const lack = whyNoCluster();
if (lack !== undefined) {
	process.stdout.write(`no swarm can be made here: ${lack}\n`);
	process.exitCode = 1;
} else {
	const only = process.argv[process.argv.indexOf('--only') + 1];
	const chosen = process.argv.includes('--only') ? rounds.filter(({nodes}) => nodes === only) : rounds;
	let [passed, failed] = [0, 0];
	for (const round of chosen) {
		const [good, bad] = await play(round).catch((error: unknown): [number, number] => {
			process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
			return [0, 1];
		});
		passed += good;
		failed += bad;
	}

	process.stdout.write(`${passed} passed, ${failed} failed\n`);
	process.exitCode = failed > 0 ? 1 : 0;
}
