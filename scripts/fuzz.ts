// `npm run fuzz -- --keys 1000000`: random keys, sizes, time and happenings on the dashboard, by seeds; every frame is looked
// at, and nothing is destroyed that was not confirmed. `-- --seed 7` replays one with what was pressed. A seed is a test.
import {rmSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import path from 'node:path';
import type {FuzzResult} from '../test/fuzz/fuzz.ts';
import {bundle} from '../test/terminal/bundle.ts';
import {countOf, readFlags} from './flags.ts';
import {runWorker} from './workers.ts';

const {values} = readFlags({
	options: {
		keys: {type: 'string', default: '100000'},
		/** How long each seed is played. */
		'per-seed': {type: 'string', default: '2000'},
		/** The first seed. */
		from: {type: 'string', default: '1'},
		seed: {type: 'string'},
		workers: {type: 'string', default: String(availableParallelism())},
	},
});

const print = (line: string) => process.stdout.write(`${line}\n`);

/** The results of one process, as they come; one that dies is one that failed. */
async function runShare(args: readonly string[], finished: (result: FuzzResult) => void): Promise<void> {
	const status = await runWorker(args, line => finished(JSON.parse(line)));
	if (status !== 0) {
		finished({seed: 0, keys: 0, destroyed: 0, problems: [`a worker ended with ${status}`]});
	}
}

const program = await bundle(path.join(import.meta.dirname, '../test/fuzz/run.ts'));
let [passed, failed, keys, destroyed] = [0, 0, 0, 0];

function count(result: FuzzResult): void {
	keys += result.keys;
	destroyed += result.destroyed;
	if (result.problems.length === 0) {
		passed++;
	} else {
		failed++;
		print(`FAILED --seed ${result.seed}\n  ${result.problems.join('\n  ')}`);
	}
}

const perSeed = String(countOf('per-seed', values['per-seed']));
if (values.seed === undefined) {
	const workers = countOf('workers', values.workers);
	const total = String(Math.ceil(countOf('keys', values.keys) / workers));
	const shares = Array.from({length: workers}, (_, index) =>
		runShare([program, String(countOf('from', values.from) + index), String(workers), total, perSeed], count),
	);
	await Promise.all(shares);
} else {
	await runShare([program, values.seed, '1', perSeed, perSeed, 'transcript'], count);
}

rmSync(path.dirname(program), {recursive: true, force: true});
print(`${keys} keys and sizes; ${destroyed} times something was taken away, each after its confirmation`);
print(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
