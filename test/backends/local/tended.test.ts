import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {homeOf} from '../../../source/backends/local/home.ts';
import {tendedStamp, writeTended} from '../../../source/backends/local/tended.ts';

const root = mkdtempSync(path.join(tmpdir(), 'tended-'));
afterAll(() => rmSync(root, {recursive: true, force: true}));

// A file's time goes by ticks of some milliseconds.
test('of two that are written at once each has a stamp of its own', () => {
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	mkdirSync(home.state, {recursive: true});
	expect(tendedStamp(home)).toBe('');
	const stamps = Array.from({length: 200}, () => {
		writeTended(home, {blue: {options: {}, env: {}}});
		return tendedStamp(home);
	});
	expect(stamps.filter((stamp, index) => stamp === stamps[index - 1])).toEqual([]);
});
