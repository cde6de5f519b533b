import type {AutoscaleMetric, AutoscalePolicy, AutoscaleStatus, Instant} from '../model/index.ts';

/** What was measured of a service's instances that take their share of the work. */
export type Load = {
	/** How many these are. */
	readonly instances: number;
	/** Sums over them; absent: not measured. */
	readonly totals: Readonly<Partial<Record<AutoscaleMetric, number>>>;
	/** A request waits although there is no instance. */
	readonly isDemanded?: boolean;
};

/** A wish of an earlier moment, kept as long as a window looks back. */
export type Wish = {readonly at: Instant; readonly replicas: number};

export type AutoscaleInput = {
	readonly policy: AutoscalePolicy;
	/** As it is asked for now. */
	readonly replicas: number;
	readonly load: Load;
	readonly wishes: readonly Wish[];
	/** When it was last scaled. */
	readonly scaledAt?: Instant | undefined;
	readonly now: Instant;
};

export type AutoscaleDecision = {
	/** What to ask for: the number of now where nothing is to change. */
	readonly replicas: number;
	/** Why, in a sentence. */
	readonly reason: string;
	/** To be handed in the next time. */
	readonly wishes: readonly Wish[];
};

/**
 * Where a policy says nothing of time. Over days of load with bursts of five seconds (bench `autoscale`), a window of one minute went
 * up, down and up again within two minutes up to five times a day and one of two minutes never, for 3 % more instances; the five
 * minutes of Kubernetes' HorizontalPodAutoscaler cost 9 %.
 */
export const usualTimes = {
	upWindowMs: 0,
	downWindowMs: 120_000,
	cooldownMs: 30_000,
} as const satisfies Partial<AutoscalePolicy>;

/** A load so near to its target changes nothing: no number of instances would be nearer for long. */
export const tolerance = 0.1;

/**
 * How many instances a service needs: for each target the load over what one instance is to bear, the highest of them, within
 * min and max. Up goes what every moment of the up window wished for, down what none of the down window wished more than;
 * after a change nothing goes down until the cooldown is over.
 */
export function decideAutoscale(input: AutoscaleInput): AutoscaleDecision {
	const {policy, replicas, load, scaledAt, now} = input;
	const wish = wishOf(policy, replicas, load);
	const longestMs = Math.max(policy.upWindowMs, policy.downWindowMs);
	const wishes = [...input.wishes, {at: now, replicas: wish.replicas}].filter(
		({at}) => at <= now && at > now - Math.max(longestMs, 1),
	);
	const bounded = clamp(replicas, policy);
	if (bounded !== replicas) {
		return {replicas: bounded, reason: `${replicas} is not within ${policy.min} and ${policy.max}`, wishes};
	}

	const within = (windowMs: number) => wishes.filter(({at}) => at > now - windowMs || at === now);
	const isWhole = (windowMs: number) => windowMs === 0 || (input.wishes[0]?.at ?? now) <= now - windowMs + slackMs;
	const up = Math.min(...within(policy.upWindowMs).map(one => one.replicas));
	const down = Math.max(...within(policy.downWindowMs).map(one => one.replicas));
	if (load.isDemanded && replicas === 0) {
		return {replicas: Math.max(1, policy.min), reason: 'a request waits', wishes};
	}

	if (up > replicas && isWhole(policy.upWindowMs)) {
		return {replicas: up, reason: wish.reason, wishes};
	}

	if (down < replicas) {
		// What was scaled at a moment that lies ahead was scaled before the clock was set back: nobody knows how long ago that was.
		const isKnown = scaledAt !== undefined && scaledAt <= now;
		const coolUntil = isKnown ? scaledAt + policy.cooldownMs : now;
		if (!isWhole(policy.downWindowMs)) {
			return {replicas, reason: `${wish.reason}; goes down to ${down} once that has been so for its window`, wishes};
		}

		return coolUntil > now
			? {replicas, reason: `${wish.reason}; goes down to ${down} after its cooldown`, wishes}
			: {replicas: down, reason: wish.reason, wishes};
	}

	return {replicas, reason: wish.reason, wishes};
}

/** Two looks may be so much nearer than their interval. */
const slackMs = 1500;

function wishOf(
	policy: AutoscalePolicy,
	replicas: number,
	{instances, totals}: Load,
): {replicas: number; reason: string} {
	const found = policy.targets.flatMap(({metric, value}) => {
		const total = totals[metric];
		return total === undefined ? [] : [{metric, value, total, replicas: neededFor(total, value, replicas)}];
	});
	const [first] = found;
	if (first === undefined) {
		const what = policy.targets.map(({metric}) => metric).join(', ');
		return {replicas: clamp(replicas, policy), reason: `nothing is measured of ${what}`};
	}

	const highest = found.reduce((most, one) => (one.replicas > most.replicas ? one : most), first);
	const {metric, total, value} = highest;
	const wanted = clamp(highest.replicas, policy);
	const each = instances > 0 ? `${figure(metric, total / instances)} each` : figure(metric, total);
	const bound = wanted === highest.replicas ? '' : `, bounded from ${highest.replicas}`;
	return {replicas: wanted, reason: `${metric} ${each} of ${figure(metric, value)}: ${wanted} needed${bound}`};
}

/** So many that each bears its target at most; the number of now where the load is near enough to what that bears. */
function neededFor(total: number, value: number, replicas: number): number {
	const ratio = total / value / Math.max(1, replicas);
	return replicas > 0 && Math.abs(ratio - 1) <= tolerance ? replicas : Math.ceil(round(total / value));
}

/** Sums of fractions do not make one more instance. */
function round(value: number): number {
	return Math.round(value * 1e6) / 1e6;
}

function clamp(replicas: number, {min, max}: AutoscalePolicy): number {
	return Math.min(max, Math.max(min, replicas));
}

/** What each instance is to bear: `cpu 70 %, requests 50/s`. */
export function targetsText({targets}: AutoscalePolicy): string {
	return targets.map(({metric, value}) => `${metric} ${figure(metric, value)}`).join(', ');
}

const mebibyte = 2 ** 20;

function figure(metric: AutoscaleMetric, value: number): string {
	switch (metric) {
		case 'cpu':
			return `${Math.round(value * 100)} %`;
		case 'memory':
			return `${Math.round(value / mebibyte)} MiB`;
		case 'requests':
			return `${round1(value)}/s`;
		default:
			return String(round1(value));
	}
}

function round1(value: number): number {
	return Math.round(value * 10) / 10;
}

export function statusOf(
	{reason, replicas}: AutoscaleDecision,
	before: number,
	now: Instant,
	last?: AutoscaleStatus,
): AutoscaleStatus {
	const isScaled = replicas !== before;
	return {
		at: isScaled || last?.reason !== reason ? now : (last?.at ?? now),
		reason,
		...(isScaled ? {scaledAt: now, scaledFrom: before} : scaled(last)),
	};
}

function scaled(last: AutoscaleStatus | undefined): Pick<AutoscaleStatus, 'scaledAt' | 'scaledFrom'> {
	return {
		...(last?.scaledAt === undefined ? {} : {scaledAt: last.scaledAt}),
		...(last?.scaledFrom === undefined ? {} : {scaledFrom: last.scaledFrom}),
	};
}
