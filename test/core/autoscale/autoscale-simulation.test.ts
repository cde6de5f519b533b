import {describe, expect, test} from 'vitest';
import {usualTimes} from '../../../source/core/autoscale/autoscale.ts';
import {type LoadSample, simulateAutoscale} from '../../../source/core/autoscale/autoscale-simulation.ts';
import {readLoad} from '../../../source/core/autoscale/recorded-load.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {AutoscalePolicy} from '../../../source/core/model/index.ts';
import {dayOfLoad, flappings} from '../../helpers/day-of-load.ts';

const policy: AutoscalePolicy = {
	min: 1,
	max: 20,
	targets: [{metric: 'requests', value: 100}],
	upWindowMs: 0,
	downWindowMs: 60_000,
	cooldownMs: 30_000,
};

const requests = (points: ReadonlyArray<readonly [second: number, requests: number]>): LoadSample[] =>
	points.map(([second, total]) => ({at: second * 1000, totals: {requests: total}}));

test('a step of ten times is followed at the next look, its end after the window', () => {
	const {changes, overloadedMs, most, fewest} = simulateAutoscale(
		policy,
		requests([
			[0, 90],
			[11, 900],
			[100, 90],
			[300, 90],
		]),
		1,
	);
	expect(changes.map(({at, from, to}) => `${at / 1000}s ${from}→${to}`)).toEqual(['12s 1→9', '158s 9→1']);
	expect([fewest, most, overloadedMs]).toEqual([1, 9, 0]);
});

test('an instance too many is not taken for one that was missing', () => {
	const {overloadedMs} = simulateAutoscale(
		{...policy, max: 5},
		requests([
			[0, 1000],
			[60, 1000],
		]),
		1,
	);
	expect(overloadedMs).toBe(62_000);
});

test('a day of noise and bursts: hardly a change is taken back, and it is seldom short', () => {
	for (const seed of [1, 2, 3]) {
		const {changes, flaps, overloadedMs, ms, mean} = simulateAutoscale(policy, dayOfLoad(seed), 1);
		expect(flaps).toBeLessThan(5);
		expect(changes.length).toBeLessThan(400);
		expect(overloadedMs / ms).toBeLessThan(0.01);
		expect(mean).toBeLessThan(8);
	}
});

test('without windows the same day is all flapping', () => {
	expect(simulateAutoscale({...policy, downWindowMs: 0, cooldownMs: 0}, dayOfLoad(1), 1).flaps).toBeGreaterThan(1000);
});

describe('a recording', () => {
	const check = (what: string, text: string, expected: string) =>
		test(what, () => {
			let found: string;
			try {
				found = readLoad(text)
					.map(({at, totals}) => `${at} ${JSON.stringify(totals)}`)
					.join('; ');
			} catch (error) {
				found = `${toClusterError(error).code}: ${toClusterError(error).message}`;
			}

			expect(found).toBe(expected);
		});

	check('in seconds', 'time,requests\n0,5\n5,6.5\n', '0 {"requests":5}; 5000 {"requests":6.5}');
	check(
		'by the clock, with gaps and comments',
		'time,cpu,memory\r\n# so\r\n1970-01-01T00:00:01Z,0.5,\r\n1970-01-01T00:00:02Z,,7\r\n',
		'1000 {"cpu":0.5}; 2000 {"memory":7}',
	);
	check(
		'of something else',
		'when,what\n1,2',
		'usage: line 1 must be time and some of cpu, memory, requests, connections, with commas between, found "when,what"',
	);
	check(
		'with a word for a number',
		'time,cpu\n0,1\n1,much',
		'usage: line 3: cpu must be a number from 0 or nothing, found "much"',
	);
	check(
		'with less than nothing',
		'time,cpu\n0,-1\n1,1',
		'usage: line 2: cpu must be a number from 0 or nothing, found "-1"',
	);
	check('that goes back', 'time,cpu\n5,1\n4,1', 'usage: line 3 must be later than the line before it, found "4,1"');
	check('without a time', 'time,cpu\nnoon,1\n4,1', 'usage: line 2: the time must be RFC 3339 or seconds, found "noon"');
	check('of one moment', 'time,cpu\n5,1', 'usage: a recording has at least 2 lines below its titles, found 1');
	check(
		'of nothing',
		'',
		'usage: line 1 must be time and some of cpu, memory, requests, connections, with commas between, found ""',
	);
});

test('over days of load nothing goes to and fro by what is usual', () => {
	const days = [3, 4, 6, 7].map(seed => simulateAutoscale({...policy, max: 40, ...usualTimes}, dayOfLoad(seed), 1));
	expect(days.map(({changes}) => flappings(changes))).toEqual([0, 0, 0, 0]);
	// A day that has less of it would show nothing.
	const hasty = days.map((_, index) => simulateAutoscale({...policy, max: 40}, dayOfLoad([3, 4, 6, 7][index] ?? 0), 1));
	expect(hasty.every(({changes}) => flappings(changes) > 0)).toBe(true);
});
