import {expect, test} from 'vitest';
import {memoryQuantity, parseQuantity} from '../../../../source/backends/k8s/wire/quantity.ts';

function check(text: string | number | undefined, expected: number | undefined): void {
	test(`${JSON.stringify(text)} is ${expected}`, () => {
		const found = parseQuantity(text);
		if (found === undefined || expected === undefined) expect(found).toBe(expected);
		else expect(found).toBeCloseTo(expected, 12);
	});
}

check('0', 0);
check('2', 2);
check('100m', 0.1);
check('28731904n', 0.028731904);
check('12u', 12e-6);
check('26215Ki', 26_844_160);
check('1Gi', 1_073_741_824);
check('0.5', 0.5);
check('1.5Gi', 1_610_612_736);
check('+3', 3);
check('-1', -1);
check('1e3', 1000);
check('1E3', 1000);
check('1E', 1e18);
check('12e6Ki', 12e6 * 1024);
check(7, 7);
check('', undefined);
check(undefined, undefined);
check('m', undefined);
check('5 Gi', undefined);
check('0x10', undefined);
check('1.2.3', undefined);
check('5constructor', undefined);
check('5__proto__', undefined);
check('many', undefined);

test('thousandths are as exact as numbers are', () => {
	expect([parseQuantity('700m'), parseQuantity('1.1m'), parseQuantity('300n')]).toEqual([0.7, 0.0011, 3e-7]);
});

test.each([
	[0, '0'],
	[2 ** 30, '1Gi'],
	[1.5 * 2 ** 30, '1536Mi'],
	[2 ** 27, '128Mi'],
	[26_844_160, '26215Ki'],
	[1_000_000_000, '1000000000'],
] as const)('%s bytes are written as %s', (bytes, expected) => {
	expect(memoryQuantity(bytes)).toBe(expected);
});
