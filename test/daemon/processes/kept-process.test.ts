import type {ChildProcess} from 'node:child_process';
import {EventEmitter} from 'node:events';
import {expect, test} from 'vitest';
import {identify, type ProcessIdentity} from '../../../source/backends/local/system/process-identity.ts';
import {keepProcess, restartDelayMs} from '../../../source/daemon/processes/kept-process.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';

function keeper({failsToStart = false, successor = undefined as ProcessIdentity | undefined} = {}) {
	const clock = createManualClock();
	const children: EventEmitter[] = [];
	const startedAt: number[] = [];
	const kept = keepProcess({
		clock,
		log: () => {},
		find: () => undefined,
		successor: () => successor,
		start: () => {
			startedAt.push(clock.monotonicMs());
			if (failsToStart) {
				throw new Error('no memory');
			}

			const child = Object.assign(new EventEmitter(), {pid: process.pid});
			children.push(child);
			return child as unknown as ChildProcess;
		},
	});
	const end = () => children.at(-1)?.emit('exit', null, 'SIGKILL');
	return {clock, kept, startedAt, end};
}

test('delays double up to 5 s', () => {
	expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 99].map(restartDelayMs)).toEqual([
		0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000,
	]);
});

test('a killed one is started again at once, however often, while it runs for a time between', () => {
	const {clock, startedAt, end} = keeper();
	for (let round = 0; round < 20; round++) {
		clock.advance(5000);
		end();
		clock.advance(0);
	}

	expect(startedAt).toEqual(Array.from({length: 21}, (_, round) => round * 5000));
});

test('one that keeps ending is started less and less often', () => {
	const {clock, startedAt} = keeper({failsToStart: true});
	clock.advance(10_000);
	expect(startedAt).toEqual([0, 0, 100, 300, 700, 1500, 3100, 6300]);
});

test('one that has handed over to another is not started beside it', () => {
	const {clock, kept, startedAt, end} = keeper({successor: identify(process.ppid)});
	clock.advance(5000);
	end();
	clock.advance(60_000);
	expect(startedAt).toEqual([0]);
	expect(kept.identity?.pid).toBe(process.ppid);
});

test('one that was released is not started again', () => {
	const {clock, kept, startedAt, end} = keeper();
	expect(kept.identity?.pid).toBe(process.pid);
	kept.release();
	end();
	clock.advance(60_000);
	expect(startedAt).toEqual([0]);
});
