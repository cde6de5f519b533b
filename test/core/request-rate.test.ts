import {expect, test} from 'vitest';
import {RequestRate} from '../../source/core/request-rate.ts';

// At which seconds something was asked, and at which one looks: how many of the minute before are counted.
test.for([
	['', 5, 0],
	['0 0 1', 1, 3],
	['0 1 59', 59, 3],
	['0 1 59', 60, 2],
	['0 1 59', 118, 1],
	['0 1 59', 119, 0],
	['0 60 120', 120, 1],
	['0 0 0 60', 60, 1],
	['7', 4000, 0],
] as const)('asked at %s s, looked at %i s: %i', ([asked, at, count]) => {
	const rate = new RequestRate();
	for (const second of asked.split(' ').filter(Boolean)) rate.note(Number(second) * 1000 + 500);
	expect(rate.inLastMinute(at * 1000 + 900)).toBe(count);
});
