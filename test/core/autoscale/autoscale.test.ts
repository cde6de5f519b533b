import {describe, expect, test} from 'vitest';
import {decideAutoscale, tolerance, type Wish} from '../../../source/core/autoscale/autoscale.ts';
import type {AutoscalePolicy} from '../../../source/core/model/index.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

const plain: AutoscalePolicy = {
	min: 1,
	max: 10,
	targets: [{metric: 'requests', value: 100}],
	upWindowMs: 0,
	downWindowMs: 60_000,
	cooldownMs: 30_000,
};

type Given = {
	readonly policy?: Partial<AutoscalePolicy>;
	readonly replicas: number;
	readonly requests?: number;
	readonly cpu?: number;
	readonly isDemanded?: boolean;
	/** `SECONDS REPLICAS`, the oldest first. */
	readonly wishes?: readonly (readonly [seconds: number, replicas: number])[];
	readonly scaledAt?: number;
};

/** At 1000 s. */
function check(
	what: string,
	{policy, replicas, requests, cpu, isDemanded, wishes = [], scaledAt}: Given,
	expected: string,
): void {
	test(what, () => {
		const decision = decideAutoscale({
			policy: {...plain, ...policy},
			replicas,
			load: {
				instances: replicas,
				totals: {...(requests === undefined ? {} : {requests}), ...(cpu === undefined ? {} : {cpu})},
				...(isDemanded ? {isDemanded} : {}),
			},
			wishes: wishes.map(([seconds, wished]) => ({at: seconds * 1000, replicas: wished})),
			scaledAt: scaledAt === undefined ? undefined : scaledAt * 1000,
			now: 1_000_000,
		});
		expect(`${decision.replicas}: ${decision.reason}`).toBe(expected);
	});
}

const calm = [
	[940, 2],
	[970, 2],
] as const;

describe('up', () => {
	check('at once', {replicas: 2, requests: 450}, '5: requests 225/s each of 100/s: 5 needed');
	check(
		'not above max',
		{replicas: 2, requests: 5000},
		'10: requests 2500/s each of 100/s: 10 needed, bounded from 50',
	);
	check(
		'not for a little more than the target',
		{replicas: 2, requests: 215},
		'2: requests 107.5/s each of 100/s: 2 needed',
	);
	check(
		'not before all of its window wished for it',
		{
			replicas: 2,
			requests: 450,
			policy: {upWindowMs: 30_000},
			wishes: [
				[960, 2],
				[980, 2],
				[990, 5],
			],
		},
		'2: requests 225/s each of 100/s: 5 needed',
	);
	check(
		'then as far as the least of these wishes',
		{
			replicas: 2,
			requests: 450,
			policy: {upWindowMs: 30_000},
			wishes: [
				[969, 4],
				[975, 3],
				[990, 6],
			],
		},
		'3: requests 225/s each of 100/s: 5 needed',
	);
	check(
		'by the target that needs most',
		{
			replicas: 2,
			requests: 150,
			cpu: 4,
			policy: {
				targets: [
					{metric: 'requests', value: 100},
					{metric: 'cpu', value: 0.5},
				],
			},
		},
		'8: cpu 200 % each of 50 %: 8 needed',
	);
	check(
		'from none when a request waits',
		{replicas: 0, requests: 0, isDemanded: true, policy: {min: 0}},
		'1: a request waits',
	);
});

describe('down', () => {
	check(
		'when none of its window wished for more',
		{replicas: 5, requests: 150, wishes: calm},
		'2: requests 30/s each of 100/s: 2 needed',
	);
	check(
		'no further than the highest of these wishes',
		{
			replicas: 5,
			requests: 150,
			wishes: [
				[930, 5],
				[945, 4],
				[970, 2],
			],
		},
		'4: requests 30/s each of 100/s: 2 needed',
	);
	check(
		'not before the window was looked at as a whole',
		{replicas: 5, requests: 150, wishes: [[970, 2]]},
		'5: requests 30/s each of 100/s: 2 needed; goes down to 2 once that has been so for its window',
	);
	check(
		'not during the cooldown',
		{replicas: 5, requests: 150, wishes: calm, scaledAt: 980},
		'5: requests 30/s each of 100/s: 2 needed; goes down to 2 after its cooldown',
	);
	check(
		'after a change that lies ahead: the clock was set back since',
		{replicas: 5, requests: 150, wishes: calm, scaledAt: 4600},
		'2: requests 30/s each of 100/s: 2 needed',
	);
	check(
		'not below min',
		{replicas: 5, requests: 0, wishes: calm, policy: {min: 2}},
		'2: requests 0/s each of 100/s: 2 needed, bounded from 0',
	);
	check(
		'to none where that is allowed',
		{replicas: 1, requests: 0, wishes: [[940, 0]], policy: {min: 0}},
		'0: requests 0/s each of 100/s: 0 needed',
	);
});

check('what is not measured changes nothing', {replicas: 3, wishes: calm}, '3: nothing is measured of requests');
check('bounds hold at once', {replicas: 20, requests: 2000}, '10: 20 is not within 1 and 10');

/** A day of load, looked at each 10 s: what is decided, and when. */
function day(seed: number, policy: AutoscalePolicy) {
	const random = seededRandom(seed);
	let replicas = policy.min;
	let wishes: readonly Wish[] = [];
	let scaledAt: number | undefined;
	const changes: {at: number; from: number; to: number; total: number}[] = [];
	for (let now = 0; now < 86_400_000; now += 10_000) {
		const hour = now / 3_600_000;
		const total =
			(500 - 400 * Math.cos((hour / 24) * 2 * Math.PI)) * (0.9 + random() * 0.2) + (random() < 0.001 ? 800 : 0);
		const decision = decideAutoscale({
			policy,
			replicas,
			load: {instances: replicas, totals: {requests: total}},
			wishes,
			scaledAt,
			now,
		});
		wishes = decision.wishes;
		if (decision.replicas !== replicas) {
			changes.push({at: now, from: replicas, to: decision.replicas, total});
			replicas = decision.replicas;
			scaledAt = now;
		}
	}

	return {changes, kept: wishes.length};
}

test('a day of load: within bounds, never short of it, no flapping, nothing that grows', () => {
	for (let seed = 1; seed <= 5; seed++) {
		const policy = {...plain, max: 12, downWindowMs: 300_000, cooldownMs: 60_000};
		const {changes, kept} = day(seed, policy);
		expect(kept).toBeLessThanOrEqual(31);
		expect(changes.length).toBeGreaterThan(10);
		for (const [index, {at, from, to, total}] of changes.entries()) {
			expect(to).toBeGreaterThanOrEqual(policy.min);
			expect(to).toBeLessThanOrEqual(policy.max);
			expect(to * plain.targets[0]!.value * (1 + tolerance)).toBeGreaterThanOrEqual(Math.min(total, policy.max * 100));
			const before = changes[index - 1];
			const isTurn = before !== undefined && from > to && before.from < before.to;
			expect(isTurn && at - before.at < policy.downWindowMs, `flaps at ${at}`).toBe(false);
		}
	}
});
