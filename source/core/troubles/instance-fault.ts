import {isFinal} from '../instance-state.ts';
import type {Instance, Instant} from '../model/index.ts';
import {quickFailureMs} from '../restart.ts';

/**
 * What is wrong with one instance. `looping`: ends soon after each start. `failed`: ended and should not have. `rejected`:
 * cannot be started. `slow`: takes too long to come up.
 */
export type Fault = 'pending' | 'looping' | 'failed' | 'rejected' | 'unhealthy' | 'slow';

/** What is not up after this long is worth a look; a start period of its health check comes on top. */
const slowAfterMs = 60_000;
/** A scheduler that has not said anything after this long has nothing to say soon. */
const pendingAfterMs = 5000;

/** `startPeriodMs`: of its health check. Undefined: nothing is wrong, or it is on its way. */
export function faultOf(instance: Instance, now: Instant, startPeriodMs = 0): Fault | undefined {
	const {status, desired, quickFailures} = instance;
	if (desired === 'stopped') {
		return undefined;
	}

	const {state} = status;
	if (state === 'running' && quickFailures === 0) {
		return healthFault(instance, now, startPeriodMs);
	}

	if (state === 'pending') {
		// What waits to take another's place leaves no gap: its drain or its update tells.
		return instance.replaces === undefined && (status.reason !== undefined || now - status.at >= pendingAfterMs)
			? 'pending'
			: undefined;
	}

	if (state === 'rejected') {
		return 'rejected';
	}

	if (state === 'failed') {
		return quickFailures > 0 && endedSoon(instance) ? 'looping' : 'failed';
	}

	if (isFinal(state)) {
		return undefined;
	}

	if (status.health === 'unhealthy' && state !== 'running') {
		return state === 'starting' ? faultOfNextRun(instance, now) : 'rejected';
	}

	if (quickFailures > 1 && !hasLasted(instance, now)) {
		return 'looping';
	}

	return state === 'running'
		? healthFault(instance, now, startPeriodMs)
		: now - status.at >= slowAfterMs
			? 'slow'
			: undefined;
}

/** It is the same instance that the engine starts again, and says how it ended. */
function faultOfNextRun({status, quickFailures}: Instance, now: Instant): Fault | undefined {
	if (quickFailures > 0) return 'looping';
	return now - status.at >= slowAfterMs ? 'slow' : undefined;
}

function healthFault({status}: Instance, now: Instant, startPeriodMs: number): Fault | undefined {
	switch (status.health) {
		case 'unhealthy':
			return 'unhealthy';
		case 'starting':
			return now - (status.startedAt ?? status.at) >= slowAfterMs + startPeriodMs ? 'slow' : undefined;
		default:
			return undefined;
	}
}

function endedSoon({status}: Instance): boolean {
	return (status.finishedAt ?? status.at) - (status.startedAt ?? status.at) < quickFailureMs;
}

/** This run has already gone on for longer than those that failed quickly. */
function hasLasted({status}: Instance, now: Instant): boolean {
	return status.startedAt !== undefined && now - status.startedAt >= quickFailureMs;
}
