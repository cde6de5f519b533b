import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, expect, test, vi} from 'vitest';
import {homeOf} from '../../source/backends/local/home.ts';
import {writeTended} from '../../source/backends/local/tended.ts';
import {ClusterError} from '../../source/core/error.ts';
import {runTender} from '../../source/tender/run-tender.ts';

const root = mkdtempSync(path.join(tmpdir(), 'tend-'));
afterEach(() => {
	vi.useRealTimers();
	rmSync(root, {recursive: true, force: true});
});

// The daemon may have been killed: the next one knows nothing of a process that is still there.
test('it ends when nobody asks for it any more, although no daemon says so', async () => {
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	vi.useFakeTimers();
	mkdirSync(home.state, {recursive: true});
	writeFileSync(home.lock, '');
	const entry = {options: {}, env: {}};
	writeTended(home, {blue: entry, green: entry});
	let opened = 0;
	const begun = Promise.withResolvers<void>();
	let hasEnded = false;
	const ended = runTender({
		home,
		context: 'blue',
		async open() {
			opened++;
			begun.resolve();
			throw new ClusterError('unreachable', 'nobody is there');
		},
	}).finally(() => {
		hasEnded = true;
	});
	await begun.promise;
	// Another one's end is none of its own.
	writeTended(home, {blue: entry});
	await vi.advanceTimersByTimeAsync(1500);
	expect(hasEnded).toBe(false);
	writeTended(home, {});
	await vi.advanceTimersByTimeAsync(1500);
	expect([await ended, opened]).toEqual([0, 1]);
});
