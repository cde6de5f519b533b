import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type BenchHome, command, openHome} from '../../bench/local/home.ts';
import {openPty, type PtyProgram} from '../terminal/pty.ts';

// The installed command with real processes: what somebody does in the first five minutes, by keys.

let home: BenchHome;
let pty: PtyProgram;

beforeAll(async () => {
	home = openHome();
	await home.run('service', 'create', '--replicas=3', '--name=web', '--quiet', 'nodejs');
	pty = openPty(command, [], {columns: 100, rows: 24, env: {MUSTER_HOME: home.folder}});
	await pty.until('web');
	await pty.until(() => {
		pty.press('g');
		return pty.screen.text.includes('▸ web');
	});
}, 60_000);

afterAll(async () => {
	// Where the start has failed there is none, and the home is to go all the same.
	(pty as PtyProgram | undefined)?.hangUp();
	await home.end();
}, 60_000);

test('scales by keys, with a preview before', async () => {
	await pty.until(/web .* 3\/3 /);
	pty.press('+', '+');
	await pty.until(/web 3 → 5: 2 new \(/);
	await pty.until(/web .* 5\/5 /, 30_000);
	await pty.until('✓ web: 5 of 5');
	const services = await home.json('service', 'ls');
	expect(services).toEqual([expect.objectContaining({name: 'web', status: expect.objectContaining({healthy: 5})})]);
}, 60_000);

test('drains a node, seeing where its instances go', async () => {
	pty.type(':nodes\r');
	await pty.until('AVAILABILITY');
	pty.press('D');
	await pty.until(/Drain n1.*\n(.*\n)*.*web +\d → /);
	pty.press('enter');
	await pty.until(/n1 +ready +drained +0 /, 60_000);
	await pty.until('✓ n1 is drained');
	pty.press('D');
	await pty.until(/n1 +ready +active/);
}, 90_000);

test('goes into a service, and follows the logs of an instance', async () => {
	pty.type(':svc\r');
	await pty.until('▸ web');
	pty.press('enter');
	await pty.until(/▸ web\.1 +n\d +running +healthy/);
	pty.press('l');
	await pty.until('web.1 logs');
	pty.press('esc', 'esc');
	await pty.until('▸ web ');
});

test('one who may only look, by TCP, is told so by the keys before anything is tried', async () => {
	const host = await home.run('daemon', 'listen', 'tcp://127.0.0.1:0');
	const identity = path.join(home.folder, 'vera.pem');
	writeFileSync(identity, await home.run('access', 'create', 'vera', '--role', 'viewer'));
	await home.run('context', 'add', 'away', '--host', host.trim(), '--identity', identity);
	const other = openPty(command, ['-c', 'away'], {columns: 100, rows: 24, env: {MUSTER_HOME: home.folder}});
	try {
		await other.until('▸ web');
		other.press('+');
		await other.until('+: This takes the role operator, and vera is viewer here.');
		other.press('ctrl-d');
		await other.until('ctrl-d: This takes the role operator');
		other.press('l');
		await other.until('web logs');
		other.press('ctrl-c');
		expect(await other.exited).toMatchObject({exitCode: 0});
	} finally {
		other.hangUp();
	}
}, 60_000);

test('who starts while the daemon hangs is told what is waited for', async () => {
	const daemon = home.ownPids().find(pid => isDaemon(pid)) ?? 0;
	process.kill(daemon, 'SIGSTOP');
	const other = openPty(command, [], {columns: 100, rows: 24, env: {MUSTER_HOME: home.folder}});
	try {
		await other.until('Waiting for local …');
		process.kill(daemon, 'SIGCONT');
		await other.until('▸ web');
		other.press('ctrl-c');
		await other.until(({isAlternate}) => !isAlternate);
		expect(other.screen.text).not.toContain('Waiting for');
	} finally {
		process.kill(daemon, 'SIGCONT');
		other.hangUp();
	}
}, 60_000);

test('a killed daemon is seen as such, and comes back by itself', async () => {
	const daemon = home.ownPids().find(pid => isDaemon(pid));
	expect(daemon).toBeDefined();
	process.kill(daemon ?? 0, 'SIGKILL');
	await pty.until('stale');
	pty.press('j', 'k');
	await pty.until('● live', 30_000);
	await pty.until(/web .* 5\/5 /);
}, 60_000);

function isDaemon(pid: number): boolean {
	return (
		readFileSync(path.join('/proc', String(pid), 'cmdline'), 'utf8')
			.split('\0')
			.at(-2) === 'daemon'
	);
}

test('removes it when confirmed, and leaves', async () => {
	pty.press('ctrl-d');
	await pty.until('Remove the service web');
	pty.press('y');
	await pty.until('No service yet', 30_000);
	pty.press('q');
	expect(await pty.exited).toMatchObject({exitCode: 0});
	await pty.until(({isAlternate}) => !isAlternate);
}, 60_000);
