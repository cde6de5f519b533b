import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {resolveImage} from '../../../../source/backends/local/client/resolve-image.ts';
import type {ClusterError} from '../../../../source/core/error.ts';

const root = mkdtempSync(path.join(tmpdir(), 'muster-resolve-'));

beforeAll(() => {
	mkdirSync(path.join(root, 'bin'));
	mkdirSync(path.join(root, 'bin/folder'));
	for (const [file, mode] of [
		['bin/tool', 0o755],
		['bin/nodejs', 0o755],
		['bin/data', 0o644],
		['here', 0o755],
	] as const) {
		writeFileSync(path.join(root, file), '#!/bin/sh\n');
		chmodSync(path.join(root, file), mode);
	}
});

afterAll(() => rmSync(root, {recursive: true}));

/** What is written becomes `expected`, ROOT standing for the folder; or the error's code and hint. */
function check(written: string, expected: string) {
	test(`${written || 'nothing'} → ${expected}`, () => {
		expect(resolve(written.replace('ROOT', root)).replace(root, 'ROOT')).toBe(expected);
	});
}

function resolve(written: string): string {
	try {
		return resolveImage(written, ['nodejs', 'counter'], {cwd: root, path: `/nowhere:${root}/bin`});
	} catch (error) {
		const {code, hint} = error as ClusterError;
		return `${code}: ${hint}`;
	}
}

check('nodejs', 'nodejs');
check('image:nodejs', 'image:nodejs');
check('exec:nodejs', 'exec:ROOT/bin/nodejs');
check('tool', 'exec:ROOT/bin/tool');
check('./here', 'exec:ROOT/here');
check('bin/../here', 'exec:ROOT/here');
check('ROOT/here', 'exec:ROOT/here');
check('docker:nginx:1', 'docker:nginx:1');
check('here', 'not-found: muster image ls shows the images.');
check('data', 'not-found: muster image ls shows the images.');
check('folder', 'not-found: muster image ls shows the images.');
check('nodjs', 'not-found: Did you mean nodejs?');
check('exec:nodjs', 'not-found: muster image ls shows the images.');
check('', 'not-found: muster image ls shows the images.');
check('exec:', 'not-found: muster image ls shows the images.');
