import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {sizeOf} from './samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'soak-'));
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('all that lies in a folder counts, and a folder that has gone is nothing', () => {
	mkdirSync(path.join(folder, 'a/b'), {recursive: true});
	writeFileSync(path.join(folder, 'a/b/text'), 'x'.repeat(10_000));
	symlinkSync('nowhere', path.join(folder, 'a/link'));
	const {bytes, entries} = sizeOf(folder);
	expect(entries).toBe(4);
	expect(bytes).toBeGreaterThanOrEqual(10_000);
	expect(sizeOf(path.join(folder, 'gone'))).toEqual({bytes: 0, entries: 0});
});
