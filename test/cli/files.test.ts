import {execFileSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
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
import {localFiles} from '../../source/cli/files/index.ts';
import {type TarEntry, tarEnd, tarHeader, tarPadding} from '../../source/core/archive/tar.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-files-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

async function* archive(...entries: ReadonlyArray<Partial<TarEntry> & {text?: string}>): AsyncGenerator<Uint8Array> {
	for (const {text = '', ...given} of entries) {
		const size = Buffer.byteLength(text);
		const base = {name: '', type: 'file', mode: 0o644, modifiedS: 1, target: ''} as const;
		yield tarHeader({...base, ...given, size});
		yield Buffer.from(text);
		yield tarPadding(size);
	}

	yield tarEnd;
}

test('a folder goes through an archive as it is', async () => {
	const files = localFiles(folder);
	const from = path.join(folder, 'from');
	mkdirSync(path.join(from, 'sub'), {recursive: true});
	writeFileSync(path.join(from, 'sub', 'run'), '#!/bin/sh\n', {mode: 0o755});
	writeFileSync(path.join(from, 'big'), Buffer.alloc(200_000, 7));
	symlinkSync('sub/run', path.join(from, 'link'));
	const to = files.resolve('to');
	const seen: number[] = [];
	const result = await files.unpack(
		to,
		files.pack(from, 'x', size => seen.push(size)),
	);
	expect(result).toEqual({files: 3, bytes: 200_010, skipped: []});
	expect(seen.toSorted()).toEqual([10, 200_000]);
	expect(execFileSync('diff', ['-r', '--no-dereference', from, to], {encoding: 'utf8'})).toBe('');
	expect(statSync(path.join(to, 'sub', 'run')).mode % 0o1000).toBe(0o755);
	expect(readlinkSync(path.join(to, 'link'))).toBe('sub/run');
});

test('a folder that was there keeps its permissions', async () => {
	const to = path.join(folder, 'to');
	mkdirSync(to, {mode: 0o777});
	const before = statSync(to).mode;
	await localFiles(folder).unpack(to, archive({name: 'x/', type: 'folder', mode: 0o700}, {name: 'x/a', text: 'a'}));
	expect(statSync(to).mode).toBe(before);
});

// An instance is not trusted: whatever its archive says, only the target is written to.
test.each<[string, ReadonlyArray<Partial<TarEntry> & {text?: string}>, RegExp]>([
	['a name that goes up', [{name: 'x/../../escaped', text: 'bad'}], /its name leads elsewhere/],
	['a link that goes up', [{name: 'x/up', type: 'symlink', target: '../..'}], /outside/],
	['an absolute link', [{name: 'x/root', type: 'symlink', target: '/etc'}], /outside/],
	['a hard link that goes up', [{name: 'x/hard', type: 'hardlink', target: '../escaped'}], /outside/],
])('%s is left out', async (_, entries, why) => {
	const to = path.join(folder, 'to');
	mkdirSync(to);
	writeFileSync(path.join(folder, 'secret'), 'mine');
	const {skipped, files} = await localFiles(folder).unpack(to, archive(...entries, {name: 'x/good', text: 'good'}));
	expect(skipped.join('\n')).toMatch(why);
	expect([files, existsSync(path.join(folder, 'escaped'))]).toEqual([1, false]);
	expect(readFileSync(path.join(to, 'good'), 'utf8')).toBe('good');
});

test('nothing is written through a link that was there before, or that came', async () => {
	const to = path.join(folder, 'to');
	const outside = path.join(folder, 'outside');
	mkdirSync(to);
	mkdirSync(outside);
	writeFileSync(path.join(outside, 'file'), 'mine');
	symlinkSync(outside, path.join(to, 'door'));
	symlinkSync(path.join(outside, 'file'), path.join(to, 'direct'));
	const {skipped} = await localFiles(folder).unpack(
		to,
		archive({name: 'x/door/file', text: 'bad'}, {name: 'x/direct', text: 'new'}),
	);
	expect(skipped).toEqual([expect.stringMatching(/^x\/door\/file: .* is no folder$/)]);
	expect(readFileSync(path.join(outside, 'file'), 'utf8')).toBe('mine');
	expect(readFileSync(path.join(to, 'direct'), 'utf8')).toBe('new');
});

test('what is neither file nor folder is left out', async () => {
	execFileSync('mkfifo', [path.join(folder, 'pipe')]);
	const whole = execFileSync('tar', ['-cf', '-', '-C', folder, 'pipe']);
	const {skipped} = await localFiles(folder).unpack(
		path.join(folder, 'to'),
		(async function* () {
			yield whole;
		})(),
	);
	expect(skipped).toEqual(['pipe: neither a file nor a folder nor a link']);
	expect(existsSync(path.join(folder, 'to'))).toBe(false);
});

test('what may not be written is said', async () => {
	writeFileSync(path.join(folder, 'file'), '');
	await expect(
		localFiles(folder).unpack(path.join(folder, 'file'), archive({name: 'x/a', text: 'a'})),
	).rejects.toMatchObject({message: expect.stringMatching(/file.* cannot be written/)});
});
