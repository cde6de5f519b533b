import {expect, test} from 'vitest';
import {numberIn} from '../../source/tender/metrics.ts';

function check(text: string, expected: number | RegExp): void {
	test(JSON.stringify(text), () => {
		if (typeof expected === 'number') expect(numberIn(text)).toBe(expected);
		else expect(() => numberIn(text)).toThrow(expected);
	});
}

check('12\n', 12);
check('connecting …\n3.5\n\n', 3.5);
check('0', 0);
check('', /"" is no number/);
check('12 jobs', /"12 jobs" is no number/);
check('-1', /is no number from 0 on/);
check('Infinity', /is no number/);
