import {expect, test} from 'vitest';
import {steadyClock} from '../../source/orchestrator/steady-clock.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

function open() {
	const wall = createManualClock(1_000_000);
	return {wall, steady: steadyClock(wall)};
}

test('tells the time of the wall clock', () => {
	const {wall, steady} = open();
	wall.advance(5000);
	expect(steady.now()).toBe(1_005_000);
});

test('goes with it when it is set forward', () => {
	const {wall, steady} = open();
	wall.setWallClock(2_000_000);
	expect(steady.now()).toBe(2_000_000);
	wall.advance(10);
	expect(steady.now()).toBe(2_000_010);
});

test('goes on evenly when it is set back', () => {
	const {wall, steady} = open();
	wall.advance(5000);
	steady.now();
	wall.setWallClock(1_000_000);
	expect(steady.now()).toBe(1_005_000);
	wall.advance(2000);
	expect(steady.now()).toBe(1_007_000);
});
