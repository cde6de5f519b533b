import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, statfsSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {homeOf} from '../../../source/backends/local/home.ts';
import {openLocal} from '../../../source/backends/local/index.ts';
import {sourceProgram} from '../../helpers/local-engine.ts';

// A small file system of its own takes root.
const folder = mkdtempSync(path.join(tmpdir(), 'mf-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status === 0;

test.skipIf(!isMounted)('a daemon that finds no room to say why it cannot start is said to have none', async () => {
	onTestFinished(() => {
		spawnSync('umount', ['-l', folder]);
		rmSync(folder, {recursive: true});
	});
	const home = homeOf({MUSTER_HOME: folder}, {temporary: tmpdir(), cwd: folder});
	const {bavail, bsize} = statfsSync(folder);
	const options = {home, cwd: folder, path: process.env.PATH ?? '', autoStart: true, program: sourceProgram};
	writeFileSync(path.join(folder, 'filler'), Buffer.alloc(bavail * bsize));
	await expect(openLocal(options)).rejects.toMatchObject({
		code: 'failed',
		message: `the daemon cannot start: there is no room left on the disk of ${home.state}`,
	});
});
