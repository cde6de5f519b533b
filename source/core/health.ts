import type {Random} from './model/id.ts';
import type {Health, HealthCheck} from './model/index.ts';

/** What is known of an instance's health. Writer: its agent. */
export type HealthState = {
	readonly health: Health;
	/** Failures in a row that count. */
	readonly failures: number;
	/** Answers so far while it starts: what the back-off goes by. */
	readonly answers: number;
	/** Of the last answer, when it was a failure. */
	readonly message?: string;
};

export type HealthAnswer = {readonly ok: true} | {readonly ok: false; readonly message: string};

export const unknownHealth: HealthState = {health: 'starting', failures: 0, answers: 0};

/**
 * After one answer, `ageMs` after the start. While it starts it is asked more often than its interval says, so of these
 * failures only one in each interval after the start period counts.
 */
export function nextHealth(check: HealthCheck, state: HealthState, answer: HealthAnswer, ageMs: number): HealthState {
	const answers = state.answers + 1;
	if (answer.ok) {
		return {health: 'healthy', failures: 0, answers};
	}

	const {message} = answer;
	if (state.health === 'starting' && ageMs < check.startPeriodMs + (state.failures + 1) * check.intervalMs) {
		return {...state, answers, message};
	}

	const failures = Math.min(state.failures + 1, check.retries);
	return {health: failures >= check.retries ? 'unhealthy' : state.health, failures, answers, message};
}

/** A command costs a process each time it is asked, a connection next to nothing. */
const eagerStepMs = {command: 250, http: 50, tcp: 50} as const;
const eagerSteps = 5;

/**
 * Until the next question: soon after the start, then more slowly; each interval, give or take a tenth, once it is known.
 * `wasFree`: the last answer was known without asking, so that it may be looked for more often.
 */
export function probeDelayMs(
	check: HealthCheck,
	state: HealthState,
	ageMs: number,
	random: Random,
	wasFree = false,
): number {
	if (state.health === 'starting' && check.startIntervalMs !== undefined && ageMs < check.startPeriodMs) {
		return check.startIntervalMs;
	}

	if (state.health !== 'starting') {
		return Math.round(check.intervalMs * (0.9 + random() / 5));
	}

	const steps = wasFree ? 1 : Math.min(state.answers + 1, eagerSteps);
	const delayMs = Math.max(eagerStepMs[check.test.type] * steps, ageMs / 20);
	return Math.round(Math.min(delayMs, check.intervalMs));
}
