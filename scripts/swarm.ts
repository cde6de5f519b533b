// `npm run test:swarm`: swarms of three and of five nodes from nothing, the tests against them, and their end. The last line is
// `N passed, N failed`. `--only 3` or `--only 5` takes one of the two.
import {startSwarm, whyNoCluster} from '../test/clusters/swarm-cluster.ts';
import {runTests} from './run-tests.ts';

type Round = {readonly nodes: string; readonly flags: readonly string[]; readonly tests: readonly string[]};

const folder = 'test/backends/swarm';

const rounds: readonly Round[] = [
	{
		nodes: '3',
		flags: ['3'],
		tests: [
			'conformance',
			'engine',
			'registry',
			'volumes',
			'options',
			'tend',
			'killed',
			'scenarios',
			'membership',
			'inside',
			'compose',
			'ssh',
		].map(name => `${folder}/${name}.test.ts`),
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
	try {
		return runTests(tests, {MUSTER_TEST_SWARM: cluster.state});
	} finally {
		await cluster.end();
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
