import {execFileSync} from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {tarEnd, tarHeader} from '../../../source/core/archive/tar.ts';
import {pack} from '../../../source/daemon/backup/pack.ts';
import {unpack} from '../../../source/daemon/backup/unpack.ts';
import {planVolume, restoreVolume} from '../../../source/daemon/backup/volume.ts';

let folder: string;
const inFolder = (name: string) => path.join(folder, name);

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-archive-'));
});

afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

test('what was packed comes back as it was, and tar reads it too', async () => {
	mkdirSync(inFolder('from/sub'), {recursive: true});
	writeFileSync(inFolder('from/sub/large'), Buffer.alloc(3_000_001, 'x'));
	writeFileSync(inFolder('from/run'), '#!/bin/sh\n', {mode: 0o750});
	writeFileSync(inFolder(`from/${'ü'.repeat(100)}`), '');
	symlinkSync('sub/large', inFolder('from/link'));
	const {files, torn} = await pack(inFolder('a.tar'), [
		{name: 'x', from: inFolder('from')},
		{name: 'none', from: inFolder('none')},
	]);
	expect([files, torn, statSync(inFolder('a.tar')).mode & 0o777]).toEqual([3, [], 0o600]);
	await unpack(inFolder('a.tar'), inFolder('to'));
	expect(readFileSync(inFolder('to/x/sub/large'))).toEqual(Buffer.alloc(3_000_001, 'x'));
	expect(statSync(inFolder('to/x/run')).mode & 0o777).toBe(0o750);
	expect(readlinkSync(inFolder('to/x/link'))).toBe('sub/large');
	expect(readdirSync(inFolder('to/x'))).toContain('ü'.repeat(100));
	expect(execFileSync('tar', ['tf', inFolder('a.tar')], {encoding: 'utf8'}).split('\n')).toContain('x/sub/large');
	expect(readdirSync(folder).toSorted()).toEqual(['a.tar', 'from', 'to']);
});

test.each([
	['none/a.tar', 'there is no folder FOLDER/none'],
	['from', 'it is a folder'],
	['file/a.tar', 'FOLDER/file is no folder'],
])('what cannot be written says why, and leaves nothing: %s', async (name, why) => {
	mkdirSync(inFolder('from/sub'), {recursive: true});
	writeFileSync(inFolder('file'), '');
	const failed = pack(inFolder(name), [{name: 'x', from: inFolder('file')}]);
	const expected = `FILE: FOLDER/${name} cannot be written: ${why}`;
	await expect(failed).rejects.toThrow(expected.replaceAll('FOLDER', folder));
	expect(readdirSync(folder).toSorted()).toEqual(['file', 'from']);
});

function archiveOf(...entries: ReadonlyArray<{name: string; type: 'file' | 'symlink'; target?: string}>): string {
	const parts = entries.map(({name, type, target = ''}) =>
		tarHeader({name, type, target, mode: 0o600, modifiedS: 0, size: 0}),
	);
	writeFileSync(inFolder('evil.tar'), Buffer.concat([...parts, tarEnd]));
	return inFolder('evil.tar');
}

test.each(['../out', 'a/../../out', '/tmp/out', '..'])('a name that leads out is refused: %s', async name => {
	await expect(unpack(archiveOf({name, type: 'file'}), inFolder('to'))).rejects.toThrow('leads out of it');
});

test('nothing is written through a link of the archive', async () => {
	mkdirSync(inFolder('outside'));
	const archive = archiveOf(
		{name: 'door', type: 'symlink', target: inFolder('outside')},
		{name: 'door/file', type: 'file'},
	);
	await unpack(archive, inFolder('to')).catch(() => {});
	expect(readdirSync(inFolder('outside'))).toEqual([]);
});

test('an archive that breaks off changes nothing of a volume', async () => {
	mkdirSync(inFolder('volumes/data.1/shared'), {recursive: true});
	writeFileSync(inFolder('volumes/data.1/shared/x'), 'old');
	await pack(inFolder('whole.tar'), [{name: 'shared/big', from: Buffer.alloc(10_000)}]);
	writeFileSync(inFolder('torn.tar'), readFileSync(inFolder('whole.tar')).subarray(0, 5000));
	await expect(restoreVolume(inFolder('volumes/data.1'), inFolder('torn.tar'))).rejects.toThrow('not all of one');
	expect(readFileSync(inFolder('volumes/data.1/shared/x'), 'utf8')).toBe('old');
	expect(await planVolume(inFolder('volumes/data.1'), inFolder('whole.tar'))).toBe(false);
	await restoreVolume(inFolder('volumes/data.1'), inFolder('whole.tar'));
	expect(readdirSync(inFolder('volumes/data.1/shared'))).toEqual(['big']);
	expect(readdirSync(folder).toSorted()).toEqual(['torn.tar', 'volumes', 'whole.tar']);
});
