import type {Instance, Instant, RestartPolicy} from '../model/index.ts';
import {decideRestart} from '../restart.ts';

export type RunCounts = {readonly restarts: number; readonly attempts: number; readonly quickFailures: number};

/** What an empty slot gets: a run now, one later, or none, with the reason in the latter two. */
export type Refill =
	| {readonly run: RunCounts}
	| {readonly run?: undefined; readonly at?: Instant; readonly reason: string};

const firstRun: RunCounts = {restarts: 0, attempts: 0, quickFailures: 0};

/** A new version starts with a clean record: what failed may be what the update mends. */
export function refill(last: Instance | undefined, version: number, policy: RestartPolicy, now: Instant): Refill {
	if (last === undefined || last.version !== version) {
		return {run: firstRun};
	}

	const decision = decideRestart(policy, last);
	const why = last.status.reason ?? last.status.state;
	if (!decision.restart) {
		return {reason: `${last.name}: ${why}; ${decision.reason}`};
	}

	// An end that lies ahead was written before the clock was set back: nobody knows how long ago that was.
	const hasEnded = (last.status.finishedAt ?? last.status.at) <= now;
	if (decision.at > now && hasEnded) {
		return {at: decision.at, reason: `${last.name}: ${why}; is restarted after a delay`};
	}

	const {attempts, quickFailures} = decision;
	return {run: {restarts: attempts > last.attempts ? last.restarts + 1 : last.restarts, attempts, quickFailures}};
}
