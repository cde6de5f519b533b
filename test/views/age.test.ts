import {expect, test} from 'vitest';
import {formatAge} from '../../source/core/text/units.ts';
import {Ages, ageChangesInMs} from '../../source/views/age.ts';

test.each([
	[0, 1000],
	[1, 999],
	[59_500, 500],
	[119_999, 1],
	[120_000, 60_000],
	[7_199_000, 1000],
	[7_200_000, 3_600_000],
	[172_799_999, 1],
	[172_800_000, 86_400_000],
	[-2000, 3000],
])('an age of %i ms changes in %i ms', (age, expected) => {
	expect(ageChangesInMs(age)).toBe(expected);
});

test('the text changes then and not before', () => {
	for (let age = 0; age < 400_000_000; age += 1_234_567) {
		const inMs = ageChangesInMs(age);
		expect(formatAge(age + inMs - 1)).toBe(formatAge(age));
		expect(formatAge(age + inMs)).not.toBe(formatAge(age));
	}
});

test('a frame waits for the first of its ages', () => {
	const ages = new Ages(1_000_000);
	expect(ages.changesInMs).toBe(Number.POSITIVE_INFINITY);
	expect([ages.of(1_000_000 - 7_200_000), ages.of(undefined), ages.of(999_700)]).toEqual(['2h', '–', '0s']);
	expect(ages.changesInMs).toBe(700);
	expect(ages.until(1_000_500)).toBe('0s');
	expect(ages.until(900_000)).toBe('0s');
	expect(ages.changesInMs).toBe(501);
});

test('ages in minutes and more are drawn together, five seconds late at most', () => {
	const now = 1_000_000_002_000;
	const changes = (...seconds: readonly number[]) => {
		const ages = new Ages(now);
		for (const age of seconds) ages.of(now - age * 1000);
		return ages.changesInMs;
	};
	// In one second by itself: at the next fifth second of the clock.
	expect(changes(179)).toBe(3000);
	expect(changes(176, 178, 179)).toBe(3000);
	expect(changes(175)).toBe(8000);
	expect(changes(7199, 86_400)).toBe(3000);
	expect(changes(119, 179)).toBe(1000);
	expect(changes(60, 179)).toBe(1000);
});
