import {describe, expect, test} from 'vitest';
import {
	exactBytes,
	formatAge,
	formatBytes,
	formatCount,
	formatDuration,
	parseBytes,
	parseCpus,
	parseDuration,
} from '../../../source/core/text/units.ts';

function check(parse: (text: string) => number, text: string, expected: number | string) {
	test(`${parse.name} ${text}`, () => {
		if (typeof expected === 'number') {
			expect(parse(text)).toBe(expected);
		} else {
			expect(() => parse(text)).toThrow(expected);
		}
	});
}

describe('durations', () => {
	check(parseDuration, '500ms', 500);
	check(parseDuration, '10s', 10_000);
	check(parseDuration, '1m30s', 90_000);
	check(parseDuration, '1.5s', 1500);
	check(parseDuration, '2h', 7_200_000);
	check(parseDuration, '0', 0);
	check(parseDuration, '0s', 0);
	for (const text of ['', '10', 's', '-5s', '5x', '5s!', '1m 30s', '999999999999999999s']) {
		check(parseDuration, text, 'is not a duration such as 500ms, 10s or 1m30s');
	}

	test.each([
		[0, '0s'],
		[500, '500ms'],
		[90_000, '1m30s'],
		[3_661_001, '1h1m1s1ms'],
	])('%i is written %s', (ms, text) => {
		expect(formatDuration(ms)).toBe(text);
		expect(parseDuration(text)).toBe(ms);
	});
});

describe('sizes', () => {
	check(parseBytes, '64m', 67_108_864);
	check(parseBytes, '512MiB', 536_870_912);
	check(parseBytes, '512MB', 536_870_912);
	check(parseBytes, '1g', 1_073_741_824);
	check(parseBytes, '1.5k', 1536);
	check(parseBytes, '100', 100);
	check(parseBytes, '0', 0);
	for (const text of ['', 'm', '-1m', '1x', '64mm', '1e9', '99999999p']) {
		check(parseBytes, text, 'is not a size such as 64m, 512MiB or 1g');
	}

	test.each([
		[0, '0 B', '0b'],
		[1000, '1000 B', '1000b'],
		[1536, '1.5 KiB', '1536b'],
		[67_108_864, '64 MiB', '64m'],
		[2_255_000_000, '2.1 GiB', '2255000000b'],
	])('%i', (bytes, people, exact) => {
		expect(formatBytes(bytes)).toBe(people);
		expect(exactBytes(bytes)).toBe(exact);
		expect(parseBytes(exact)).toBe(bytes);
	});
});

describe('cpus', () => {
	check(parseCpus, '0.5', 0.5);
	check(parseCpus, '.25', 0.25);
	check(parseCpus, '2', 2);
	check(parseCpus, '500m', 0.5);
	check(parseCpus, '0', 0);
	for (const text of ['', '-1', 'two', '1e3', '1,5', '0.0001', '0.4m']) {
		check(parseCpus, text, 'is not a number of CPUs such as 0.5 or 2; the least is 0.001');
	}
});

test.each([
	[-5, '0s'],
	[59_000, '59s'],
	[119_000, '119s'],
	[240_000, '4m'],
	[7_200_000, '2h'],
	[259_200_000, '3d'],
])('an age of %i ms is %s', (ms, text) => {
	expect(formatAge(ms)).toBe(text);
});

test.each([
	[0, '0'],
	[1.25, '1.3'],
	[8, '8'],
	[812.4, '812'],
	[1234, '1.2k'],
	[45_678, '46k'],
	[3_400_000, '3.4M'],
])('%f is %s', (count, expected) => {
	expect(formatCount(count)).toBe(expected);
});
