// `sh bin/node scripts/kill.ts --rounds 100 [--seed N]`: the built program with real processes. In each round some commands
// are given while daemon, agents, shims, gateway and instances get a kill -9; then all must come to rest as declared. Some
// instances are containers, where a Docker of its own can be started.
import {seededRandom} from '../source/orchestrator/simulated/random.ts';
import {dockerImage, dockerLack, startEngine} from '../test/helpers/docker.ts';
import {type Known, planRound} from '../test/kill/actions.ts';
import {leftContainers} from '../test/kill/containers.ts';
import {DeclaredServices} from '../test/kill/declared.ts';
import {Engine} from '../test/kill/engine.ts';
import {install} from '../test/kill/installation.ts';
import {KeptFiles} from '../test/kill/kept.ts';
import {playRound} from '../test/kill/round.ts';
import {countOf, readFlags} from './flags.ts';

const {values} = readFlags({
	options: {rounds: {type: 'string', default: '100'}, seed: {type: 'string', default: '1'}},
});

const print = (text: string) => process.stdout.write(`${text}\n`);
const logLines = 40;
const rounds = countOf('rounds', values.rounds);
const seed = countOf('seed', values.seed);

async function main(): Promise<boolean> {
	const installation = install();
	const docker = dockerLack === undefined ? await startEngine('docker') : undefined;
	if (docker) {
		// For the commands and what they start.
		process.env.DOCKER_HOST = `unix://${docker.socket}`;
	} else {
		print(`no containers: ${dockerLack}`);
	}

	const random = seededRandom(seed);
	let passed = 0;
	let failed = 0;
	let engine: Engine | undefined;
	let declared = new DeclaredServices();
	let kept = new KeptFiles();
	let known: Known[] = [];

	/** What is left behind is a failure of its own. */
	const end = async () => {
		const left = [...((await engine?.end()) ?? []), ...(docker ? await leftContainers(docker) : [])];
		engine = undefined;
		left.length === 0 ? passed++ : failed++;
		left.map(problem => print(`  broken: ${problem}`));
	};

	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			engine?.kill();
			installation.remove();
			docker?.kill();
			process.exit(1);
		});
	}

	try {
		for (let round = 1; round <= rounds; round++) {
			if (engine === undefined) {
				engine = new Engine(installation, `h${round}`);
				declared = new DeclaredServices();
				kept = new KeptFiles();
				known = [];
			}

			const startMs = performance.now();
			const notes: string[] = [];
			const {problems, state} = await playRound(
				engine,
				declared,
				kept,
				planRound(random, round, known, docker && dockerImage),
				text => notes.push(`${String(Math.round(performance.now() - startMs)).padStart(6)} ms  ${text}`),
			);
			const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
			print([`round ${round}: ${problems.length === 0 ? 'ok' : 'FAILED'} (${seconds} s)`, ...notes].join('\n'));
			if (problems.length === 0) {
				passed++;
				known = declared.settle(state?.services ?? []);
				kept.settle(engine.processes());
			} else {
				failed++;
				print([...problems.map(problem => `  broken: ${problem}`), engine.logs(logLines)].join('\n'));
				// What is broken stays so: the next round begins with a new engine.
				await end();
			}
		}
	} finally {
		if (engine !== undefined) {
			await end();
		}

		installation.remove();
		await docker?.end();
	}

	print(`${passed} passed, ${failed} failed`);
	return failed === 0;
}

process.exitCode = (await main()) ? 0 : 1;
