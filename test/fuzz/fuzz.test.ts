import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {fuzz} from './fuzz.ts';

// A few of what `npm run fuzz` does a million of.

test.each([1, 2, 3, 4, 5, 6])('random keys and sizes break nothing, seed %i', async seed => {
	const {problems, keys} = await fuzz(seed, 2000);
	expect(problems).toEqual([]);
	expect(keys).toBeGreaterThanOrEqual(2000);
});
