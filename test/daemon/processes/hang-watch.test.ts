import {type ChildProcess, spawn} from 'node:child_process';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {identify, isRunning, type ProcessIdentity} from '../../../source/backends/local/system/process-identity.ts';
import {watchForHang} from '../../../source/daemon/processes/hang-watch.ts';
import {until} from '../../helpers/local-engine.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';

let child: ChildProcess;
let identity: ProcessIdentity;

beforeEach(() => {
	child = spawn('/bin/sleep', ['60']);
	identity = identify(child.pid!)!;
});

afterEach(() => void child.kill('SIGKILL'));

function watched() {
	const clock = createManualClock();
	const told: string[] = [];
	const watch = watchForHang(
		clock,
		() => identity,
		message => told.push(message),
	);
	return {clock, watch, told};
}

// A gateway stopped by SIGSTOP took connections and answered none, and `health` said that it was well.
test('one that is silent for a lease is killed', async () => {
	const {clock, watch, told} = watched();
	clock.advance(3000);
	watch.heard();
	clock.advance(4000);
	expect([watch.silentMs, told]).toEqual([4000, []]);
	clock.advance(1000);
	expect(told).toEqual([`process ${identity.pid} has been silent for 5000 ms: it is killed`]);
	await until(() => !isRunning(identity));
});

test('one that speaks, or that is watched no more, is left alone', () => {
	const {clock, watch} = watched();
	for (let round = 0; round < 20; round++) {
		clock.advance(1000);
		watch.heard();
	}

	watch.stop();
	clock.advance(60_000);
	expect(isRunning(identity)).toBe(true);
});

test('time in which the daemon itself was held up does not count', () => {
	const {clock, told} = watched();
	clock.holdUp(10_000);
	clock.advance(3000);
	expect(told).toEqual([]);
});

test('a new process has a whole lease from its start', () => {
	const {clock, told} = watched();
	clock.advance(4000);
	child.kill('SIGKILL');
	child = spawn('/bin/sleep', ['60']);
	identity = identify(child.pid!)!;
	clock.advance(4000);
	expect(told).toEqual([]);
});
