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

test('what the wall clock tells is brought to its own time', () => {
	const {wall, steady} = open();
	wall.advance(100_000);
	expect(steady.ofWall(1_099_000)).toBe(1_099_000);
	wall.setWallClock(1_000_000);
	expect(steady.ofWall(1_000_000)).toBe(1_100_000);
	wall.advance(5000);
	expect(steady.ofWall(1_004_000)).toBe(1_104_000);
	wall.setWallClock(2_000_000);
	expect(steady.ofWall(1_999_000)).toBe(1_999_000);
});

test('begins where an earlier one has ended, but not days ahead', () => {
	const wall = createManualClock(1_000_000);
	const hourAhead = steadyClock(wall, 4_600_000);
	wall.advance(10);
	expect(hourAhead.now()).toBe(4_600_010);
	expect(hourAhead.ofWall(1_000_010)).toBe(4_600_010);
	expect(steadyClock(wall, 900_000).now()).toBe(1_000_010);
	expect(steadyClock(wall, 200_000_000).now()).toBe(1_000_010);
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
