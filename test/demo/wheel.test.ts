import {expect, test} from 'vitest';
import {Wheel} from '../../source/demo/wheel.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

test('what is due at one tick happens together, before what happens at each', () => {
	const clock = createManualClock();
	const wheel = new Wheel(clock);
	const seen: string[] = [];
	wheel.each(tick => seen.push(`tick ${tick}`));
	wheel.after(0, () => seen.push('soon'));
	wheel.after(101, () => seen.push('later'));
	wheel.after(200, () => seen.push('too'));
	clock.advance(250);
	expect(seen).toEqual(['soon', 'tick 1', 'later', 'too', 'tick 2']);
	wheel.stop();
	clock.advance(1000);
	expect(seen).toHaveLength(5);
});

test('what was missed is made up for; a long pause is not', () => {
	const clock = createManualClock();
	let lateMs = 0;
	const late = {...clock, monotonicMs: () => clock.monotonicMs() + lateMs};
	const wheel = new Wheel(late);
	let ticks = 0;
	wheel.each(() => ticks++);
	lateMs = 900;
	clock.advance(100);
	expect(ticks).toBe(10);
	lateMs = 3_600_000;
	clock.advance(100);
	expect(ticks).toBe(30);
	clock.advance(1000);
	expect(ticks).toBe(40);
});
