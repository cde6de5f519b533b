import {expect, test} from 'vitest';
import {judge, type Series} from './growth.ts';

function check(values: readonly number[], expected: string, by: Series['by'] = 'median'): void {
	const {ok, text} = judge({name: 'x', unit: 'MiB', values, share: 0.1, slack: 5, by});
	expect(`${ok ? 'ok' : 'FAILED'} ${text}`).toBe(expected);
}

const times = (count: number, value: (index: number) => number) =>
	Array.from({length: count}, (_, index) => value(index));

test('what is steady, or only warms up, is well', () => {
	check(
		times(40, () => 100),
		'ok x: 100 MiB → 100 MiB, at most 115 MiB',
	);
	check(
		times(40, index => Math.min(100, index * 20)),
		'ok x: 100 MiB → 100 MiB, at most 115 MiB',
	);
});

test('what goes up and down is well, one peak says nothing', () => {
	check(
		times(40, index => 100 + (index % 2) * 10 + (index === 38 ? 500 : 0)),
		'ok x: 110 MiB → 110 MiB, at most 126 MiB',
	);
});

test('what grows all the time is not', () => {
	check(
		times(40, index => 100 + index),
		'FAILED x: 115 MiB → 135 MiB, at most 131.5 MiB',
	);
});

test('by the least, a backlog that is worked off is well, and what stays is not', () => {
	check(
		times(40, index => (index % 5 === 0 ? 100 : 100 + 40 * index)),
		'ok x: 100 MiB → 100 MiB, at most 115 MiB',
		'least',
	);
	check(
		times(40, index => 100 + 2 * index + (index % 5) * 100),
		'FAILED x: 120 MiB → 160 MiB, at most 137 MiB',
		'least',
	);
});

test('too few samples say nothing', () => {
	check([1, 2, 3], 'FAILED x: only 3 samples were taken');
});
