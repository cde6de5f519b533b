import {readdirSync, rmSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {findInstanceProcesses, findOwnProcesses} from '../../../source/backends/local/system/process-scan.ts';
import {realClock} from '../../../source/daemon/clock.ts';
import {endByForce} from '../../../source/daemon/processes/end-by-force.ts';
import {daemonPid, type LocalEngine, localEngine, until} from '../../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;

beforeEach(() => {
	engine = localEngine();
});

afterEach(async () => {
	await engine.end();
});

// `daemon stop --all` told that the daemon cannot start, while agents and instances ran on.
test('everything ends though the daemon hangs and its store is damaged', async () => {
	const {home} = engine;
	const backend = await engine.open();
	// One that listens, one that does not.
	const command = ['-c', 'test "$MUSTER_SLOT" = 1 || trap "" TERM; while :; do sleep 0.1; done'];
	const spec = {template: {image: 'exec:/bin/sh', command}, replicas: 2};
	await backend.apply({kind: 'service', name: 'web'}, spec, {create: true});
	await until(() => readdirSync(home.nodes).length === 3 && findInstanceProcesses(home.root).length >= 4);
	process.kill(daemonPid(home), 'SIGSTOP');
	writeFileSync(home.store, 'no database');
	rmSync(`${home.store}-wal`, {force: true});
	await endByForce(home, realClock, 500);
	expect([findOwnProcesses(home.root), findInstanceProcesses(home.root)]).toEqual([[], []]);
});
