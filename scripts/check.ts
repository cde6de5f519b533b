// `npm run check`: everything that must hold before a commit. All parts run, also after one has failed; what passed
// says one line, what failed shows all it printed.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';

type Part = {name: string; command: string[]; needs?: string};

const root = path.dirname(import.meta.dirname);
const node = process.execPath;

const parts: Part[] = [
	{name: 'lint and format', command: [node, 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings']},
	{name: 'types', command: [node, 'node_modules/typescript/bin/tsc', '--pretty', 'false']},
	{name: 'generated files', command: [node, 'scripts/generate.ts', '--check'], needs: 'scripts/generate.ts'},
	{name: 'tests', command: [node, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=dot']},
];

const env = process.stdout.isTTY ? process.env : {...process.env, NO_COLOR: '1'};

function passes({name, command: [program = node, ...args]}: Part): boolean {
	const start = process.hrtime.bigint();
	const {status, stdout, stderr, error} = spawnSync(program, args, {
		cwd: root,
		env,
		encoding: 'utf8',
		maxBuffer: 2 ** 28,
	});
	const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
	process.stdout.write(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`);
	if (status !== 0) process.stdout.write(`${stdout}${stderr}${error?.message ?? ''}\n`);
	return status === 0;
}

const failed = parts.filter(({needs}) => !needs || existsSync(path.join(root, needs))).filter(part => !passes(part));
process.exitCode = failed.length > 0 ? 1 : 0;
