import type {Instance, Instant, RestartPolicy} from './model/index.ts';

/** An instance that ended this soon after its start failed "quickly": the next restart waits longer. */
export const quickFailureMs = 10_000;
/** The second quick failure in a row waits this long (or the policy's delay, if longer), then it doubles. */
export const firstBackoffMs = 500;
export const maxRestartDelayMs = 60_000;

export type RestartDecision =
	| {readonly restart: true; readonly at: Instant; readonly attempts: number; readonly quickFailures: number}
	| {readonly restart: false; readonly reason: string};

/** Why what nobody saw the end of has failed: its node was off, or the state is one that was restored. */
export const unseenEnd = 'its agent knows nothing of it';

/** Ended by its own fault: also what was stopped because it was unhealthy. */
export function hasFailed({status, desiredReason}: Instance): boolean {
	return (
		status.state === 'failed' ||
		status.state === 'rejected' ||
		(status.state === 'stopped' && desiredReason?.startsWith('unhealthy') === true)
	);
}

/**
 * What follows the end of a slot's newest instance. Stopped on purpose or lost with its node: replaced at once, which is no
 * restart. Ended by itself: as the policy says, after its delay, longer with each quick failure in a row.
 */
export function decideRestart(policy: RestartPolicy, last: Instance): RestartDecision {
	const failed = hasFailed(last);
	const endedAt = last.status.finishedAt ?? last.status.at;
	if (!failed && last.status.state !== 'completed') {
		return {restart: true, at: endedAt, attempts: last.attempts, quickFailures: last.quickFailures};
	}

	if (policy.condition === 'none' || (policy.condition === 'on-failure' && !failed)) {
		return {restart: false, reason: `not restarted: its restart condition is ${policy.condition}`};
	}

	const ranMs = last.status.startedAt === undefined ? 0 : endedAt - last.status.startedAt;
	const attempts = policy.windowMs > 0 && ranMs >= policy.windowMs ? 0 : last.attempts;
	if (policy.maxAttempts > 0 && attempts >= policy.maxAttempts) {
		return {restart: false, reason: `not restarted: ${attempts} of ${policy.maxAttempts} attempts are used up`};
	}

	const quickFailures = ranMs < quickFailureMs ? last.quickFailures + 1 : 0;
	return {
		restart: true,
		at: endedAt + restartDelayMs(policy.delayMs, quickFailures),
		attempts: attempts + 1,
		quickFailures,
	};
}

function restartDelayMs(delayMs: number, quickFailures: number): number {
	if (quickFailures < 2) {
		return delayMs;
	}

	// The exponent is bounded so that a loop of days does not overflow.
	const backoffMs = Math.max(delayMs, firstBackoffMs) * 2 ** Math.min(quickFailures - 2, 20);
	return Math.max(delayMs, Math.min(backoffMs, maxRestartDelayMs));
}
