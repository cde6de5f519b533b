import {expect, test} from 'vitest';
import type {Instance, Node} from '../../../source/core/model/index.ts';
import {decideHosts, hostRetryMs} from '../../../source/core/tend/hosts.ts';

const policy = {most: 2, waitMs: 30_000, idleMs: 600_000, joinMs: 300_000};

type Given = {
	/** Instances that lack room, and since when in seconds. */
	readonly short?: number;
	readonly shortS?: number;
	/** `h1, h2 drained, h3 gone`: hosts that were brought. */
	readonly brought?: string;
	readonly broughtS?: number;
	/** Of these, those that were drained because they were empty. */
	readonly leaving?: readonly string[];
	/** Why the last command failed, and until when none is tried, in seconds. */
	readonly failed?: readonly [why: string, untilS: number];
	/** By host: since when it is empty, in seconds. */
	readonly emptyS?: Readonly<Record<string, number>>;
};

/** At 1000 s. */
function check(
	what: string,
	{short = 0, shortS, brought = '', broughtS, emptyS = {}, leaving = [], failed}: Given,
	expected: string,
): void {
	test(what, () => {
		const rows = brought
			.split(', ')
			.filter(Boolean)
			.map(row => row.split(' '));
		const nodes = rows
			.filter(([, how]) => how !== 'gone')
			.map(
				([name, how = 'active']) => ({id: name, name, status: {state: 'ready'}, availability: how}) as unknown as Node,
			);
		const reason = 'no suitable node (insufficient resources on 3 nodes)';
		const instance = {desired: 'running', status: {state: 'pending', reason}} as Instance;
		const decision = decideHosts({
			policy,
			instances: Array.from({length: short}, () => instance),
			nodes,
			brought: rows.map(([name = '']) => name),
			leaving,
			failed: failed && {why: failed[0], untilMs: failed[1] * 1000},
			shortSinceMs: shortS === undefined ? undefined : shortS * 1000,
			emptySinceMs: new Map(Object.entries(emptyS).map(([name, seconds]) => [name, seconds * 1000])),
			broughtAtMs: broughtS === undefined ? undefined : broughtS * 1000,
			nowMs: 1_000_000,
		});
		expect('node' in decision ? `${decision.type} ${decision.node.name}` : `${decision.type}: ${decision.reason}`).toBe(
			expected,
		);
	});
}

check('nothing lacks room', {}, 'none: nothing lacks room');
check('what has just come waits a little', {short: 2, shortS: 980}, 'none: 2 instances lack room, not yet for long');
check('a host is brought for what waits for long', {short: 2, shortS: 960}, 'bring: 2 instances lack room');
check(
	'one at a time',
	{short: 2, shortS: 900, brought: 'h1 gone', broughtS: 990},
	'none: 2 instances lack room; a host that was brought has not joined yet',
);
check(
	'one that never joins is not waited for for ever',
	{short: 1, shortS: 500, brought: 'h1 gone', broughtS: 600},
	'bring: 1 instance lacks room',
);
check(
	'another where one was not enough',
	{short: 1, shortS: 900, brought: 'h1', broughtS: 990},
	'bring: 1 instance lacks room',
);
check(
	'no more than allowed',
	{short: 1, shortS: 900, brought: 'h1, h2', broughtS: 990},
	'none: 1 instance lacks room; 2 hosts are brought, the most allowed',
);
check('an empty one gets nothing new first', {brought: 'h1', emptyS: {h1: 300}}, 'drain h1');
check('and is taken away then', {brought: 'h1 drained', emptyS: {h1: 300}}, 'take h1');
check('not before it was empty for long', {brought: 'h1', emptyS: {h1: 500}}, 'none: nothing lacks room');
check('what was not brought stays', {emptyS: {n1: 0}}, 'none: nothing lacks room');
check('the last one that came goes first', {brought: 'h1, h2', emptyS: {h1: 0, h2: 0}}, 'drain h2');

// The command was run every two seconds, for as long as it failed, and nobody was told.
check(
	'a command that failed is not run again at once, and why is told',
	{short: 1, shortS: 900, failed: ['the command ended with 3: none is free', 1045]},
	'none: 1 instance lacks room; the command ended with 3: none is free; tried again in 45s',
);
check('but later', {short: 1, shortS: 900, failed: ['it failed', 1000]}, 'bring: 1 instance lacks room');
check(
	'what failed says nothing where nothing is to be done',
	{failed: ['it failed', 1045]},
	'none: nothing lacks room',
);
check(
	'one whose taking away failed neither',
	{brought: 'h1 drained', emptyS: {h1: 100}, failed: ['it failed', 1001]},
	'none: h1 was brought and is empty; it failed; tried again in 1s',
);

// It was left as it was, and no other was brought: what lacked room waited for ever.
check('one that was about to go is used again', {short: 1, brought: 'h1 drained', leaving: ['h1']}, 'use h1');
check(
	'but none that somebody else has drained',
	{short: 1, shortS: 900, brought: 'h1 drained, h2'},
	'none: 1 instance lacks room; 2 hosts are brought, the most allowed',
);

test('what fails again and again is tried less and less often', () => {
	expect([1, 2, 3, 20].map(hostRetryMs)).toEqual([15_000, 30_000, 60_000, 600_000]);
});
