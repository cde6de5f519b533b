import {expect, test} from 'vitest';
import {pickTarget, type TargetLoad} from '../../source/core/balance.ts';

/** A line per target: `NAME N connections [chosen N] [avoided until N] [tried]`; the time is 100. */
function check(name: string, targets: string, expected: string | undefined): void {
	test(name, () => {
		const loads = targets.trim().split('\n').filter(Boolean).map(readTarget);
		const tried = new Set(loads.filter(({isTried}) => isTried));
		expect(pickTarget(loads, tried, 100)?.name).toBe(expected);
	});
}

function readTarget(line: string): TargetLoad & {name: string; isTried: boolean} {
	const [name = '', count] = line.trim().split(' ');
	return {
		name,
		connections: Number(count),
		lastChosen: Number(/chosen (\d+)/.exec(line)?.[1] ?? 0),
		avoidedUntilMs: Number(/avoided until (\d+)/.exec(line)?.[1] ?? 0),
		isTried: line.endsWith(' tried'),
	};
}

check('nobody where there is nobody', '', undefined);

check(
	'the one with the fewest connections',
	`
	a 3 connections
	b 1 connections
	c 2 connections
	`,
	'b',
);

check(
	'of equals the one not chosen for the longest time',
	`
	a 1 connections chosen 7
	b 1 connections chosen 5
	c 1 connections chosen 6
	`,
	'b',
);

check(
	'a new one first of all',
	`
	a 1 connections chosen 7
	b 0 connections
	`,
	'b',
);

check(
	'of new ones the first of the table',
	`
	a 0 connections
	b 0 connections
	`,
	'a',
);

check(
	'one that refused comes last',
	`
	a 0 connections avoided until 101
	b 9 connections
	`,
	'b',
);

check(
	'its time is over',
	`
	a 0 connections avoided until 100
	b 9 connections
	`,
	'a',
);

check(
	'better one that refused than none',
	`
	a 2 connections avoided until 101
	b 1 connections avoided until 101
	`,
	'b',
);

check(
	'each only once for a connection',
	`
	a 0 connections tried
	b 9 connections avoided until 101
	`,
	'b',
);

check('all were tried', 'a 0 connections tried', undefined);
