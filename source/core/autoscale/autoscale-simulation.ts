import type {AutoscaleMetric, AutoscalePolicy, Instant} from '../model/index.ts';
import {decideAutoscale, tolerance, type Wish} from './autoscale.ts';

/** What all instances of a service bore together from this moment on. */
export type LoadSample = {
	readonly at: Instant;
	readonly totals: Readonly<Partial<Record<AutoscaleMetric, number>>>;
};

export type SimulatedChange = {
	readonly at: Instant;
	readonly from: number;
	readonly to: number;
	readonly reason: string;
};

export type AutoscaleSimulation = {
	readonly changes: readonly SimulatedChange[];
	readonly fewest: number;
	readonly most: number;
	/** On the average of the time. */
	readonly mean: number;
	readonly ms: number;
	/** How long each instance would have borne more than its target, by more than is let pass. */
	readonly overloadedMs: number;
	/** Changes that went back on the one before within `flapMs`. */
	readonly flaps: number;
};

/** A change that is taken back so soon was none. */
export const flapMs = 60_000;
/** As often as the autoscaler looks. */
const lookEveryMs = 2000;

/**
 * What a policy would have done under a load that was recorded, decided by the very function that decides for real. An instance
 * counts as soon as it is asked for, and the load does not depend on how many there are: what callers would have done is not known.
 */
export function simulateAutoscale(
	policy: AutoscalePolicy,
	samples: readonly LoadSample[],
	startsWith: number,
): AutoscaleSimulation {
	const begin = samples[0]?.at ?? 0;
	const end = samples.at(-1)?.at ?? 0;
	const changes: SimulatedChange[] = [];
	let replicas = startsWith;
	let wishes: readonly Wish[] = [];
	let scaledAt: Instant | undefined;
	let index = 0;
	const sums = {looks: 0, replicas: 0, overloaded: 0, fewest: replicas, most: replicas, flaps: 0};
	for (let now = begin; now <= end; now += lookEveryMs) {
		while ((samples[index + 1]?.at ?? Number.POSITIVE_INFINITY) <= now) {
			index++;
		}

		const totals = samples[index]?.totals ?? {};
		const isDemanded = replicas === 0 && Object.values(totals).some((total = 0) => total > 0);
		const load = {instances: replicas, totals, ...(isDemanded && {isDemanded})};
		const decision = decideAutoscale({policy, replicas, load, wishes, scaledAt, now});
		wishes = decision.wishes;
		if (decision.replicas !== replicas) {
			const change = {at: now, from: replicas, to: decision.replicas, reason: decision.reason};
			sums.flaps += isTakenBack(changes.at(-1), change) ? 1 : 0;
			changes.push(change);
			scaledAt = now;
			replicas = decision.replicas;
		}

		sums.looks++;
		sums.replicas += replicas;
		sums.overloaded += isOverloaded(policy, totals, replicas) ? 1 : 0;
		sums.fewest = Math.min(sums.fewest, replicas);
		sums.most = Math.max(sums.most, replicas);
	}

	return {
		changes,
		fewest: sums.fewest,
		most: sums.most,
		mean: sums.looks === 0 ? replicas : sums.replicas / sums.looks,
		ms: end - begin,
		overloadedMs: sums.overloaded * lookEveryMs,
		flaps: sums.flaps,
	};
}

function isTakenBack(before: SimulatedChange | undefined, {at, from, to}: SimulatedChange): boolean {
	return before !== undefined && at - before.at < flapMs && Math.sign(to - from) !== Math.sign(before.to - before.from);
}

function isOverloaded({targets}: AutoscalePolicy, totals: LoadSample['totals'], replicas: number): boolean {
	return targets.some(({metric, value}) => {
		const total = totals[metric] ?? 0;
		return total > 0 && (replicas === 0 || total / replicas > value * (1 + tolerance));
	});
}
