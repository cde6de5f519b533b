import {chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {
	type Env,
	homeOf,
	instancePaths,
	nodePaths,
	prepareHome,
	realPath,
} from '../../../source/backends/local/home.ts';
import {prepareFolder} from '../../../source/backends/local/system/folder.ts';

const folders: string[] = [];

function temporaryFolder(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-home-'));
	folders.push(folder);
	return folder;
}

afterEach(() => {
	for (const folder of folders.splice(0)) {
		rmSync(folder, {recursive: true, force: true});
	}
});

function home(env: Env) {
	return homeOf(env, {temporary: '/tmp', cwd: '/srv'});
}

describe('homeOf', () => {
	function check(name: string, env: Env, expected: Partial<ReturnType<typeof homeOf>>) {
		test(name, () => {
			expect(home(env)).toMatchObject(expected);
		});
	}

	check(
		'MUSTER_HOME holds everything',
		{MUSTER_HOME: '/data/m', HOME: '/home/ann', XDG_RUNTIME_DIR: '/run/user/7', XDG_STATE_HOME: '/x'},
		{
			root: '/data/m',
			state: '/data/m/state',
			config: '/data/m/config',
			socket: '/data/m/run/muster.sock',
			store: '/data/m/state/store.db',
			stopped: '/data/m/state/stopped',
		},
	);
	check('a relative one is taken from the folder', {MUSTER_HOME: 'm'}, {root: '/srv/m', state: '/srv/m/state'});
	check(
		'without it the XDG folders',
		{HOME: '/home/ann', XDG_RUNTIME_DIR: '/run/user/7', XDG_STATE_HOME: '/x'},
		{
			root: '/x/muster',
			state: '/x/muster',
			config: '/home/ann/.config/muster',
			socket: '/run/user/7/muster/muster.sock',
		},
	);
	check(
		'relative XDG folders are not valid',
		{HOME: '/home/ann', XDG_STATE_HOME: 'x', XDG_RUNTIME_DIR: 'y'},
		{state: '/home/ann/.local/state/muster'},
	);

	test('a process that muster started finds the same folders', () => {
		const env = {HOME: '/home/ann', XDG_RUNTIME_DIR: '/run/user/7'};
		const own = home(env);
		expect(home({...env, MUSTER_HOME: own.root})).toEqual(own);
	});

	test('no runtime folder: a private one in the temporary folder', () => {
		expect(home({HOME: '/home/ann'}).socket).toMatch(/^\/tmp\/muster-[0-9a-f]{12}\/muster\.sock$/);
	});
});

describe('sockets', () => {
	const long = `/${'d'.repeat(90)}`;

	test('of at most 100 bytes stay below the home', () => {
		const root = `/${'d'.repeat(100 - '/run/muster.sock'.length - 1)}`;
		expect(home({MUSTER_HOME: root}).socket).toBe(`${root}/run/muster.sock`);
		expect(home({MUSTER_HOME: `${root}d`}).socket).toMatch(/^\/tmp\/muster-/);
	});

	test('longer ones move, each home’s apart, all short enough', () => {
		const one = home({MUSTER_HOME: long, XDG_RUNTIME_DIR: '/run/user/1000'});
		const other = home({MUSTER_HOME: `${long}2`, XDG_RUNTIME_DIR: '/run/user/1000'});
		expect(one.socket).toMatch(/^\/run\/user\/1000\/muster-[0-9a-f]{12}\/muster\.sock$/);
		expect(path.dirname(one.socket)).not.toBe(path.dirname(other.socket));
		const sockets = [nodePaths(one, 'n1').agentSocket, instancePaths(one, 'n1', '0123456789ab').attachSocket];
		for (const socket of sockets) {
			expect(path.dirname(socket)).toBe(path.dirname(one.socket));
			expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(100);
		}
	});
});

describe('prepareHome', () => {
	test('makes folders that nobody else can enter', () => {
		const own = home({MUSTER_HOME: path.join(temporaryFolder(), 'new')});
		prepareHome(own);
		for (const folder of [own.root, own.state, own.run, own.logs, own.nodes]) {
			expect(statSync(folder).mode & 0o777).toBe(0o700);
		}
	});

	test('a part of the path that is a file is named', () => {
		const file = path.join(temporaryFolder(), 'file');
		writeFileSync(file, '');
		expect(() => prepareHome(home({MUSTER_HOME: `${file}/m`}))).toThrow(
			expect.objectContaining({code: 'failed', message: expect.stringContaining(`${file}/m/state cannot be written`)}),
		);
	});

	test.skipIf(process.platform !== 'linux')('a place where nothing can be made is named', () => {
		expect(() => prepareHome(home({MUSTER_HOME: '/proc/muster/home'}))).toThrow(
			expect.objectContaining({
				code: 'failed',
				message: '/proc/muster/home/state cannot be written: it cannot be made there',
			}),
		);
	});

	test('a private folder of another kind is refused, an open one is closed', () => {
		const parent = temporaryFolder();
		const real = path.join(parent, 'real');
		mkdirSync(real);
		chmodSync(real, 0o755);
		symlinkSync(real, path.join(parent, 'link'));
		expect(() => prepareFolder(path.join(parent, 'link'), {own: true})).toThrow(/belongs to somebody else/);
		prepareFolder(real, {own: true});
		expect(statSync(real).mode & 0o777).toBe(0o700);
	});
});

// Who called the same home by another name got a second gateway and second agents: theirs were known by the name.
test('a home has one name, also behind symbolic links', () => {
	const folder = temporaryFolder();
	mkdirSync(path.join(folder, 'real'));
	symlinkSync(path.join(folder, 'real'), path.join(folder, 'link'));
	const rootOf = (env: Env) => homeOf(env, {temporary: '/tmp', cwd: folder, real: realPath}).root;
	const root = path.join(folder, 'real/not/yet');
	expect(rootOf({MUSTER_HOME: 'link/not/yet'})).toBe(root);
	expect(rootOf({MUSTER_HOME: root})).toBe(root);
	const state = path.join(folder, 'real/.local/state/muster');
	const HOME = path.join(folder, 'link');
	expect(rootOf({HOME})).toBe(state);
	const byItsOwnName = homeOf({HOME, MUSTER_HOME: state}, {temporary: '/tmp', cwd: folder, real: realPath});
	expect(byItsOwnName.state).toBe(state);
});
