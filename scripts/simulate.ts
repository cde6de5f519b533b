// `npm run simulate -- --seeds 10000`: so many runs of the simulated cluster, then one with a crash at each write and effect.
// `-- --seed 7` replays one run with its transcript; `-- --crash write:12:after` one of the crashes.
import {availableParallelism} from 'node:os';
import type {CrashPlan} from '../test/simulation/crashes.ts';
import {shrink, simulateSeed, stepsOf} from '../test/simulation/simulate.ts';
import {crashPoints, simulateScenario} from '../test/simulation/systematic.ts';
import {countOf, readFlags} from './flags.ts';
import {runWorker} from './workers.ts';

const {values} = readFlags({
	options: {
		seeds: {type: 'string', default: '1000'},
		/** The first of them. */
		from: {type: 'string', default: '1'},
		seed: {type: 'string'},
		crash: {type: 'string'},
		workers: {type: 'string', default: String(availableParallelism())},
		/** Set for the processes that this one starts: their share, as `INDEX/COUNT`. */
		share: {type: 'string'},
	},
});

const scenarioSeed = 1;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** What one run is called, and what was broken in it. */
type Run = {readonly name: string; readonly problems: readonly string[]};

function replay(run: Run): void {
	for (const problem of run.problems) {
		print(`broken: ${problem}`);
	}

	print(run.problems.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
	process.exitCode = run.problems.length === 0 ? 0 : 1;
}

/** Every COUNT-th run, from the INDEX-th on. */
function* share(text: string): Generator<Run> {
	const [index = 0, count = 1] = text.split('/').map(Number);
	const isMine = (at: number) => at % count === index;
	const first = countOf('from', values.from);
	const end = first + countOf('seeds', values.seeds);
	for (let seed = first; seed < end; seed++) {
		if (isMine(seed)) {
			yield {name: `--seed ${seed}`, problems: simulateSeed(seed).problems};
		}
	}

	for (const [at, crash] of crashPoints(scenarioSeed).entries()) {
		if (isMine(at)) {
			yield {name: `--crash ${crashText(crash)}`, problems: simulateScenario(scenarioSeed, crash).problems};
		}
	}
}

function crashText({at, count, isAfter}: CrashPlan): string {
	return `${at}:${count}:${isAfter ? 'after' : 'before'}`;
}

function parseCrash(text: string): CrashPlan {
	const [at, count, side] = text.split(':');
	return {at: at === 'effect' ? 'effect' : 'write', count: Number(count), isAfter: side === 'after'};
}

/** The runs of all workers, as they come. A worker that dies is one that failed. */
async function runAll(workers: number, finished: (run: Run) => void): Promise<void> {
	const ends = Array.from({length: workers}, async (_, index) => {
		const args = [...process.argv.slice(1), '--share', `${index}/${workers}`];
		const status = await runWorker(args, line => finished(JSON.parse(line)));
		if (status !== 0) {
			finished({name: `worker ${index}`, problems: [`ended with ${status}`]});
		}
	});
	await Promise.all(ends);
}

function describeFailure({name, problems}: Run): void {
	print(`FAILED ${name}\n  ${problems.join('\n  ')}`);
	const seed = /^--seed (\d+)$/.exec(name)?.[1];
	if (seed !== undefined) {
		const steps = shrink(Number(seed), stepsOf(Number(seed)));
		print(`  already with these steps:\n${steps.map(step => `    ${JSON.stringify(step)}`).join('\n')}`);
	}
}

/** Shrinking takes time: the first ones tell enough. */
const maxDescribed = 5;

async function main(): Promise<void> {
	if (values.seed !== undefined) {
		replay({name: '', problems: simulateSeed(countOf('seed', values.seed), print).problems});
	} else if (values.crash !== undefined) {
		replay({name: '', problems: simulateScenario(scenarioSeed, parseCrash(values.crash), print).problems});
	} else if (values.share !== undefined) {
		for (const run of share(values.share)) {
			print(JSON.stringify(run));
		}
	} else {
		const failures: Run[] = [];
		let passed = 0;
		await runAll(countOf('workers', values.workers), run => {
			run.problems.length === 0 ? passed++ : failures.push(run);
		});
		failures.slice(0, maxDescribed).map(describeFailure);
		failures.slice(maxDescribed).map(({name, problems}) => print(`FAILED ${name}: ${problems[0]}`));
		print(`${passed} passed, ${failures.length} failed`);
		process.exitCode = failures.length === 0 ? 0 : 1;
	}
}

await main();
