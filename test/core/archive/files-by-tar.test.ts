import {expect, test} from 'vitest';
import {filesByTar, split} from '../../../source/core/archive/files-by-tar.ts';
import type {ExecOptions, Session} from '../../../source/core/backend.ts';
import {ClusterError, toClusterError} from '../../../source/core/error.ts';

type Said = {readonly out?: string; readonly err?: string; readonly code?: number | undefined};

const instance = {kind: 'instance', id: 'i', name: 'web.1'} as const;

function playing(said: Said | ClusterError) {
	const asked: ExecOptions[] = [];
	const written: string[] = [];
	const files = filesByTar(async (_, options) => {
		asked.push(options);
		if (said instanceof ClusterError) throw said;
		const {out = '', err = '', code} = said;
		const session: Session = {
			output: (async function* () {
				if (out !== '') yield {stream: 'stdout', data: Buffer.from(out)} as const;
				if (err !== '') yield {stream: 'stderr', data: Buffer.from(err)} as const;
			})(),
			write: data => written.push(Buffer.from(data).toString()),
			end: () => written.push('END'),
			resize() {},
			exit: Promise.resolve(code),
			close() {},
		};
		return session;
	});
	return {files, asked, written};
}

test.each<[Said | ClusterError, string]>([
	[{out: 'file\n', code: 0}, 'file'],
	[{out: 'folder\n', code: 0}, 'folder'],
	[{out: '', code: 0}, 'undefined'],
	[{out: 'no-tar\n', code: 0}, 'unsupported: web.1 has no tar: files are copied by its own tar and sh'],
	[
		{err: 'sh: not found\n', code: 127},
		'unsupported: web.1: files are copied by its own sh and tar, and sh did not run: sh: not found',
	],
	[
		new ClusterError('failed', 'exec: "sh": executable file not found in $PATH'),
		'unsupported: web.1: files are copied by its own sh and tar, and sh did not run: exec: "sh": executable file not found in $PATH',
	],
	[new ClusterError('not-allowed', 'you may not'), 'not-allowed: you may not'],
])('what is there, when it says %j', async (said, expected) => {
	const {files} = playing(said);
	const found = await files.stat(instance, '/a').catch(toClusterError);
	expect(found instanceof ClusterError ? `${found.code}: ${found.message}` : String(found)).toBe(expected);
});

test.each<[Said, string]>([
	[{out: 'bytes', code: 0}, 'bytes'],
	[{out: 'bytes', err: 'tar: log: file changed as we read it\n', code: 1}, 'bytes'],
	[
		{out: 'by', err: 'tar: a: Cannot open: Permission denied\n', code: 2},
		'failed: web.1: not all was copied: tar: a: Cannot open: Permission denied',
	],
	[{out: 'by'}, 'failed: web.1: not all was copied: the connection broke'],
])('what is read, when it says %j', async (said, expected) => {
	const {files, asked} = playing(said);
	const found = await Array.fromAsync(files.read(instance, '/var/log', {container: 'side'})).catch(toClusterError);
	expect(found instanceof ClusterError ? `${found.code}: ${found.message}` : Buffer.concat(found).toString()).toBe(
		expected,
	);
	expect(asked[0]).toMatchObject({command: ['tar', '-c', '-f', '-', '-C', '/var', '--', 'log'], container: 'side'});
});

test('what is written arrives in its order, and a refusal is told', async () => {
	const archive = async function* () {
		yield Buffer.from('one');
		yield Buffer.from('two');
	};
	const good = playing({code: 0});
	await good.files.write(instance, '/srv', archive());
	expect(good.written.at(-1)).toBe('END');
	const bad = playing({err: 'tar: write error: No space left on device\n', code: 2});
	await expect(bad.files.write(instance, '/srv', archive())).rejects.toThrow(/not all was copied: .*No space left/);
});

test.each([
	['/etc/hosts', '/etc', 'hosts'],
	['/etc/', '/', 'etc'],
	['/', '/', '.'],
	['.', '.', '.'],
	['log', '.', 'log'],
	['a/..', 'a/..', '.'],
	['-a/b', './-a', 'b'],
	['-a', '.', '-a'],
])('%s is in its folder', (path, folder, base) => {
	expect(split(path)).toEqual({folder, base});
});
