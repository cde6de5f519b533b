import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {takeLock} from '../../source/daemon/lock.ts';

let folder: string;
let children: ChildProcess[] = [];

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-lock-'));
});

afterEach(() => {
	for (const child of children) {
		child.kill('SIGKILL');
	}

	children = [];
	rmSync(folder, {recursive: true});
});

const holder = `
	const {takeLock} = await import(process.argv[1]);
	process.stdout.write(takeLock(process.argv[2]) ? 'held' : 'refused');
	setInterval(() => {}, 1000);
`;

async function startHolder(file: string) {
	const module = path.resolve(import.meta.dirname, '../../source/daemon/lock.ts');
	const child = spawn(process.execPath, ['--input-type=module', '-e', holder, module, file], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	children.push(child);
	const [said] = (await once(child.stdout, 'data')) as [Buffer];
	return {child, said: said.toString()};
}

test('is one process’s until that is killed', async () => {
	const file = path.join(folder, 'daemon.lock');
	const first = await startHolder(file);
	const second = await startHolder(file);
	expect([first.said, second.said, takeLock(file)]).toEqual(['held', 'refused', undefined]);
	second.child.kill('SIGKILL');
	await once(second.child, 'exit');
	expect(takeLock(file)).toBeUndefined();
	first.child.kill('SIGKILL');
	await once(first.child, 'exit');
	const lock = takeLock(file);
	expect(lock).toBeDefined();
	lock?.release();
});

test('a file that is something else is named', () => {
	const file = path.join(folder, 'daemon.lock');
	writeFileSync(file, 'not a lock, and long enough to be read as a page of something'.repeat(100));
	expect(() => takeLock(file)).toThrow(
		expect.objectContaining({code: 'failed', message: expect.stringContaining(file)}),
	);
});
