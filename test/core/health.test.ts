import {describe, expect, test} from 'vitest';
import {nextHealth, probeDelayMs, unknownHealth} from '../../source/core/health.ts';
import type {HealthCheck} from '../../source/core/model/index.ts';
import {parseDuration} from '../../source/core/text/units.ts';

const http: HealthCheck = {
	test: {type: 'http', path: '/health'},
	intervalMs: 10_000,
	timeoutMs: 1000,
	retries: 3,
	startPeriodMs: 0,
};

/** Answers as `AGE ok` or `AGE message`, in order; expected: health, counted failures, message after each. */
function check(name: string, change: Partial<HealthCheck>, answers: readonly string[], expected: readonly string[]) {
	test(name, () => {
		let state = unknownHealth;
		const seen = answers.map(line => {
			const [age = '', ...message] = line.split(' ');
			const text = message.join(' ');
			const answer = text === 'ok' ? {ok: true as const} : {ok: false as const, message: text};
			state = nextHealth({...http, ...change}, state, answer, parseDuration(age));
			return `${state.health} ${state.failures}${state.message ? ` ${state.message}` : ''}`;
		});
		expect(seen).toEqual(expected);
	});
}

describe('health', () => {
	check('one success is enough', {}, ['50ms refused', '150ms ok'], ['starting 0 refused', 'healthy 0']);
	check(
		'while it starts, one failure in an interval counts',
		{},
		['50ms a', '5s b', '10s c', '11s d', '20s e', '30s f'],
		['starting 0 a', 'starting 0 b', 'starting 1 c', 'starting 1 d', 'starting 2 e', 'unhealthy 3 f'],
	);
	check(
		'none within the start period',
		{startPeriodMs: 60_000, retries: 1},
		['10s a', '60s b', '70s c'],
		['starting 0 a', 'starting 0 b', 'unhealthy 1 c'],
	);
	check(
		'once healthy, every failure in a row counts',
		{startPeriodMs: 60_000},
		['1s ok', '11s a', '21s b', '31s ok', '41s c', '51s d', '61s e', '71s f'],
		[
			'healthy 0',
			'healthy 1 a',
			'healthy 2 b',
			'healthy 0',
			'healthy 1 c',
			'healthy 2 d',
			'unhealthy 3 e',
			'unhealthy 3 f',
		],
	);
	check('it may recover', {retries: 1}, ['1s ok', '11s a', '21s ok'], ['healthy 0', 'unhealthy 1 a', 'healthy 0']);
});

describe('the next question', () => {
	const delay = (change: Partial<HealthCheck>, answers: number, age: string, random = 0.5) =>
		probeDelayMs({...http, ...change}, {...unknownHealth, answers}, parseDuration(age), () => random);

	test('comes soon after the start, then more slowly', () => {
		expect([0, 1, 2, 3, 4, 5, 9].map(answers => delay({}, answers, '100ms'))).toEqual([
			50, 100, 150, 200, 250, 250, 250,
		]);
		expect(delay({}, 50, '60s')).toBe(3000);
	});
	test('comes as it says while failures do not count', () => {
		const starts = {startPeriodMs: 60_000, startIntervalMs: 2000};
		expect(['100ms', '59s', '60s'].map(age => delay(starts, 9, age))).toEqual([2000, 2000, 3000]);
	});

	test('never later than the interval', () => {
		expect(delay({intervalMs: 80}, 5, '1s')).toBe(80);
	});

	test('costs nothing where nobody listens yet', () => {
		const free = (age: string) =>
			probeDelayMs(http, {...unknownHealth, answers: 9}, parseDuration(age), () => 0.5, true);
		expect([free('500ms'), free('2s')]).toEqual([50, 100]);
	});

	test('is dearer when it is a command', () => {
		expect(delay({test: {type: 'command', command: ['true']}}, 0, '0')).toBe(250);
	});

	test('each interval once the health is known, give or take a tenth', () => {
		const healthy = {...unknownHealth, health: 'healthy' as const};
		expect([0, 0.5, 0.999].map(random => probeDelayMs(http, healthy, 0, () => random))).toEqual([9000, 10_000, 10_998]);
	});
});
