import {expect, test} from 'vitest';
import {toExposition} from '../../source/core/exposition.ts';
import {readExposition} from '../helpers/read-exposition.ts';

test('families are written as Prometheus reads them', () => {
	const text = toExposition([
		{
			type: 'gauge',
			name: 'a',
			help: 'One \\ line\nand another.',
			samples: [{value: 1.5}, {labels: {x: 'y'}, value: 1e21}],
		},
		{type: 'counter', name: 'none_total', help: 'Nothing is known.', samples: [{value: undefined}]},
		{
			type: 'histogram',
			name: 'h_seconds',
			help: 'Times.',
			samples: [
				{
					labels: {s: 'web'},
					buckets: [
						{le: 0.1, count: 1},
						{le: 1, count: 3},
					],
					sum: 2.5,
					count: 4,
				},
			],
		},
	]);
	expect(text).toBe(`# HELP a One \\\\ line\\nand another.
# TYPE a gauge
a 1.5
a{x="y"} 1e+21
# HELP h_seconds Times.
# TYPE h_seconds histogram
h_seconds_bucket{s="web",le="0.1"} 1
h_seconds_bucket{s="web",le="1"} 3
h_seconds_bucket{s="web",le="+Inf"} 4
h_seconds_sum{s="web"} 2.5
h_seconds_count{s="web"} 4
`);
	expect(readExposition(text)).toHaveLength(7);
});

test('hostile labels come back as they were, and end nothing', () => {
	const values = [
		'',
		'"} 1\nevil{x="',
		'\\',
		'\\"',
		'\\n',
		'\n\n',
		'"',
		'a\r\tb',
		'\u0000\u001b[2J',
		'💥',
		'x="y",z="',
		'\ud800',
	];
	const text = toExposition([
		{
			type: 'gauge',
			name: 'g',
			help: '',
			samples: values.map((value, index) => ({labels: {value, n: `${index}`}, value: index})),
		},
	]);
	const found = readExposition(text);
	expect(found.map(({labels}) => labels.value)).toEqual(values.map(value => value.toWellFormed()));
	expect(found.map(({value}) => value)).toEqual(values.map((_, index) => index));
});

test.each([
	['a 1', 'the last line'],
	['a{x="y} 1\n', 'no sample'],
	['# TYPE a gauge\nb 1\n', 'is not of'],
	['# TYPE a gauge\na 1\na 2\n', 'twice'],
	['# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n', 'buckets'],
])('the reader of these tests refuses %j', (text, why) => {
	expect(() => readExposition(text)).toThrow(why);
});
