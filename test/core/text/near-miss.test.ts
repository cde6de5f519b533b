import {expect, test} from 'vitest';
import {nearMiss} from '../../../source/core/text/near-miss.ts';

const known = ['nodejs', 'counter', 'web', 'web-2', 'api'];

function check(written: string, expected: string | undefined) {
	test(`${written || 'nothing'} → ${expected ?? 'none'}`, () => {
		expect(nearMiss(written, known)).toBe(expected);
	});
}

check('nodjs', 'nodejs');
check('ndoejs', 'nodejs');
check('NodeJS', 'nodejs');
check('node', 'nodejs');
check('wbe', 'web');
check('ap', 'api');
check('a', undefined);
check('sleep', undefined);
check('', undefined);
check('x'.repeat(100_000), undefined);
