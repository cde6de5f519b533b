import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import {command} from '../../bench/local/home.ts';
import {openPty} from '../terminal/pty.ts';

test('the compiled code of a dashboard is kept while it runs: a later start has it, however this one ends', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-compiled-'));
	const muster = openPty(command, ['demo', '--instances', '50'], {columns: 80, rows: 24, env: {MUSTER_HOME: folder}});
	try {
		await muster.until('services');
		const kept = () => readdirSync(path.join(folder, 'cache'), {recursive: true, withFileTypes: true});
		// That of the command, and that of the demo.
		await muster.until(() => kept().filter(entry => entry.isFile() && !entry.name.includes('.')).length >= 2);
		muster.kill('SIGKILL');
		await muster.exited;
		expect(kept().filter(entry => entry.isFile()).length).toBeGreaterThanOrEqual(2);
	} finally {
		muster.kill('SIGKILL');
		rmSync(folder, {recursive: true});
	}
});
