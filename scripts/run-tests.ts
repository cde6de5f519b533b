import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);

/** Plays test files (or all of a folder) one after the other, in sight, with more environment. Answers with passed and failed. */
export function runTests(files: readonly string[], env: NodeJS.ProcessEnv): [passed: number, failed: number] {
	// vitest passes over what is not there, as long as there is anything.
	const absent = files.filter(file => !existsSync(path.join(root, file)));
	if (absent.length > 0) throw new Error(`There is no ${absent.join(', ')}`);
	const scratch = mkdtempSync(path.join(tmpdir(), 'muster-report-'));
	const report = path.join(scratch, 'report.json');
	try {
		const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism', ...files];
		const {status} = spawnSync(
			process.execPath,
			[...vitest, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
			{cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: {...process.env, ...env}},
		);
		const {numPassedTests = 0, numFailedTests = 0} = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
		// A file that cannot be loaded has no tests to count.
		return [numPassedTests, status === 0 ? numFailedTests : Math.max(1, numFailedTests)];
	} finally {
		rmSync(scratch, {recursive: true, force: true});
	}
}
