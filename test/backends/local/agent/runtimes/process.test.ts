import {execFileSync} from 'node:child_process';
import {closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {launch} from '../../../../../source/backends/local/agent/runtimes/process.ts';
import {homeOf, instancePaths} from '../../../../../source/backends/local/home.ts';
import type {ProcessEnd} from '../../../../../source/core/instance-step.ts';

let root: string;

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'muster-process-'));
});

afterEach(() => rmSync(root, {recursive: true}));

// Three sleeping instances that were removed as soon as they ran took their whole grace to end: the shell had the signal.
test('a signal that comes before the command runs reaches it all the same', async () => {
	const paths = instancePaths(homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root}), 'n1', 'i1');
	mkdirSync(paths.folder, {recursive: true});
	// The shim waits until somebody reads what it writes to its first file.
	const gate = path.join(root, 'gate');
	execFileSync('mkfifo', [gate]);
	const {promise, resolve} = Promise.withResolvers<ProcessEnd>();
	const options = {
		command: ['/bin/sleep', '60'],
		environment: {},
		workdir: root,
		paths,
		exit: paths.exit,
		joinFiles: [gate],
		mayAct: () => true,
	};
	const supervised = await launch(options, resolve);
	expect(supervised.signal('SIGTERM')).toBe(true);
	const reader = openSync(gate, constants.O_RDWR);
	expect(await promise).toEqual({type: 'signalled', code: 143, signal: 'SIGTERM'});
	closeSync(reader);
	expect(supervised.signal('SIGTERM')).toBe(false);
});
