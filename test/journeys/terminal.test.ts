import {rmSync} from 'node:fs';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {bundle} from '../terminal/bundle.ts';
import {openPty, type PtyProgram} from '../terminal/pty.ts';

// What only a real terminal shows: that it is set up and back, and that keys and sizes arrive as terminals send them.

let program: string;
const open: PtyProgram[] = [];

beforeAll(async () => {
	program = await bundle(path.join(import.meta.dirname, 'scripted-dashboard.ts'));
});

afterEach(() => {
	for (const one of open.splice(0)) {
		try {
			process.kill(one.pid, 'SIGKILL');
		} catch {}
	}
});

afterAll(() => {
	rmSync(path.dirname(program), {recursive: true, force: true});
});

async function start(...args: readonly string[]): Promise<PtyProgram> {
	const pty = openPty(process.execPath, [program, ...args], {columns: 80, rows: 24, env: {}});
	open.push(pty);
	await pty.until('worker');
	// The first frame is on the screen before the first key is read: a key that is acted on says that it can begin.
	await pty.until(() => {
		pty.press('g');
		return pty.screen.text.includes('▸ api');
	});
	return pty;
}

/** The screen of before, wrapped lines, and no more bracketed paste. */
async function untilRestored(pty: PtyProgram): Promise<void> {
	await pty.until(({isAlternate, modes}) => !isAlternate && modes.wraps && !modes.bracketsPaste);
}

test('opens full screen, moves, and leaves the terminal as it was', async () => {
	const pty = await start();
	expect(pty.screen.isAlternate).toBe(true);
	expect(pty.screen.lines.length).toBe(24);
	pty.press('j', 'down');
	await pty.until('▸ web');
	pty.press('q');
	expect(await pty.exited).toMatchObject({exitCode: 0});
	await pty.until('left');
	await untilRestored(pty);
});

test('keys that arrive in one read are all acted on', async () => {
	const pty = await start();
	pty.type('jjj\x1b[A');
	await pty.until('▸ web');
	pty.type('/bat\rq');
	expect(await pty.exited).toMatchObject({exitCode: 0});
});

test('ctrl-c leaves', async () => {
	const pty = await start();
	pty.press('ctrl-c');
	await pty.exited;
	await untilRestored(pty);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'])('%s ends it with the terminal set back', async signal => {
	const pty = await start();
	pty.kill(signal);
	await pty.exited;
	await untilRestored(pty);
});

test('a crash ends it with the terminal set back', async () => {
	const pty = await start('--crash-on-scale');
	pty.press('+', 'enter');
	const {exitCode} = await pty.exited;
	await untilRestored(pty);
	expect(exitCode).not.toBe(0);
	await pty.until('crashed on purpose');
});

test('a terminal that goes takes it along', async () => {
	const pty = await start();
	pty.hangUp();
	const endsAt = performance.now() + 5000;
	while (isAlive(pty.pid)) {
		expect(performance.now()).toBeLessThan(endsAt);
		await new Promise(resolve => setTimeout(resolve, 20));
	}
});

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test('follows the size of the terminal', async () => {
	const pty = await start();
	for (const size of [
		{columns: 120, rows: 40},
		{columns: 60, rows: 10},
		{columns: 30, rows: 5},
		{columns: 80, rows: 2},
		{columns: 200, rows: 50},
		{columns: 80, rows: 24},
	]) {
		pty.resize(size);
		const hint = size.rows >= 6 ? /\? help *$/ : /▸ /;
		await pty.until(({lines}) => {
			const [first = ''] = lines;
			const isWide = size.rows < 4 || first.length >= Math.min(size.columns, 28) - 1;
			return isWide && lines.some(line => hint.test(line)) && !lines.slice(size.rows).join('').trim();
		});
		expect(pty.screen.lines.filter(line => line.includes('muster')).length).toBe(size.rows < 4 ? 0 : 1);
	}
});

test('what is pasted is not taken for keys', async () => {
	const pty = await start();
	pty.type('\x1b[200~jq\x1b[201~');
	await pty.until('Pasted text');
	pty.press('/');
	pty.type('\x1b[200~work\x1b[201~');
	await pty.until('1 of 4');
});

test('a session without writes says so', async () => {
	const pty = await start('--read-only');
	pty.press('+');
	await pty.until('read-only');
});
