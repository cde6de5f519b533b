import {type InstanceState, isFinal} from './instance-state.ts';
import {formatBytes, formatDuration} from './text/units.ts';

/** How the supervised process of an instance ended. */
export type ProcessEnd =
	/** `said`: why it could not go on, where it told that besides. */
	| {readonly type: 'exited'; readonly code: number; readonly said?: string}
	| {readonly type: 'signalled'; readonly code: number; readonly signal: string}
	/** The shim died before its command, by whatever hand. */
	| {readonly type: 'unsupervised'}
	/** The machine was started anew since. */
	| {readonly type: 'rebooted'}
	/** It was placed under an earlier generation of its node. */
	| {readonly type: 'fenced'};

/** What an agent sees of one instance. Times are of the monotonic clock. */
export type ObservedInstance = {
	readonly state: InstanceState;
	/** Why it cannot be prepared or started. */
	readonly problem?: string;
	readonly process: 'none' | 'alive' | 'ended';
	readonly end?: ProcessEnd;
	/** How long its process ran, once it has ended. */
	readonly ranMs?: number;
	/** Once it has ended: other processes of its group, or that carry its id. */
	readonly remains: 'unknown' | 'some' | 'none';
	/** Once it has ended: whether somebody else listens on one of its ports. */
	readonly ports: 'unknown' | 'free' | 'taken';
	/** How often it was started. */
	readonly starts: number;
	/** When the stop signal was sent. */
	readonly signalledAtMs?: number;
	/** The last signal that the agent sent for another reason than a stop. */
	readonly sentSignal?: string;
	/** SIGKILL was sent to its group by the agent. */
	readonly killed: boolean;
	readonly overMemory?: {readonly usedBytes: number; readonly limitBytes: number};
};

export type InstanceWish = {
	readonly desired: 'running' | 'stopped';
	/** Why it is to stop. */
	readonly reason?: string;
	readonly stopGraceMs: number;
	/** It has ports that the agent chose. */
	readonly hasPorts: boolean;
};

/** What an agent does next with one instance: always one thing, after which it looks again. */
export type InstanceStep =
	| {readonly type: 'prepare'}
	| {readonly type: 'start'}
	/** Sends the stop signal to its process group. */
	| {readonly type: 'signal'}
	/** Sends SIGKILL to its process group. */
	| {readonly type: 'kill'}
	/** Looks for what its process left behind, and kills it. */
	| {readonly type: 'sweep'}
	| {readonly type: 'check-ports'}
	| ({readonly type: 'finish'} & InstanceOutcome)
	/** Nothing until something happens, or until this moment. */
	| {readonly type: 'wait'; readonly untilMs?: number};

export type InstanceOutcome = {
	readonly state: 'completed' | 'stopped' | 'failed' | 'rejected' | 'lost';
	readonly reason?: string;
	readonly exitCode?: number;
};

/** One that ends so soon may have lost a race for its port. */
const portRaceMs = 1000;
const maxStarts = 5;

/** The next single step of one instance towards what is desired. */
export function nextStep(wish: InstanceWish, observed: ObservedInstance, nowMs: number): InstanceStep {
	if (isFinal(observed.state)) {
		return {type: 'wait'};
	}

	switch (observed.process) {
		case 'none':
			return stepBeforeStart(wish, observed);
		case 'alive':
			return stepWhileAlive(wish, observed, nowMs);
		case 'ended':
			return stepAfterEnd(wish, observed);
	}
}

function stepBeforeStart({desired, reason}: InstanceWish, {state, problem}: ObservedInstance): InstanceStep {
	if (desired === 'stopped') {
		return {type: 'finish', state: 'stopped', reason};
	}

	if (problem !== undefined) {
		return {type: 'finish', state: state === 'running' ? 'failed' : 'rejected', reason: problem};
	}

	return {type: state === 'ready' || state === 'starting' || state === 'running' ? 'start' : 'prepare'};
}

function stepWhileAlive(wish: InstanceWish, observed: ObservedInstance, nowMs: number): InstanceStep {
	if (observed.killed) {
		return {type: 'wait'};
	}

	if (observed.overMemory) {
		return {type: 'kill'};
	}

	if (wish.desired === 'running') {
		return {type: 'wait'};
	}

	if (observed.signalledAtMs === undefined) {
		return {type: 'signal'};
	}

	const untilMs = observed.signalledAtMs + wish.stopGraceMs;
	return nowMs >= untilMs ? {type: 'kill'} : {type: 'wait', untilMs};
}

function stepAfterEnd(wish: InstanceWish, observed: ObservedInstance): InstanceStep {
	if (observed.remains !== 'none') {
		return {type: 'sweep'};
	}

	if (mayHaveLostPort(wish, observed)) {
		if (observed.ports === 'unknown') {
			return {type: 'check-ports'};
		}

		if (observed.ports === 'taken') {
			return {type: 'start'};
		}
	}

	return {type: 'finish', ...outcome(wish, observed)};
}

function mayHaveLostPort(
	{desired, hasPorts}: InstanceWish,
	{end, ranMs, starts, sentSignal, overMemory}: ObservedInstance,
) {
	const endedByItself = end?.type === 'exited' && end.code !== 0 && !sentSignal && !overMemory;
	return desired === 'running' && hasPorts && endedByItself && (ranMs ?? Infinity) <= portRaceMs && starts < maxStarts;
}

function outcome(wish: InstanceWish, {end, killed, sentSignal, overMemory}: ObservedInstance): InstanceOutcome {
	if (end?.type === 'rebooted') {
		return {state: 'lost', reason: 'the machine was restarted'};
	}

	if (end?.type === 'fenced') {
		return {state: 'lost', reason: 'its node went down'};
	}

	const exitCode = end && 'code' in end ? end.code : killed ? 137 : undefined;
	if (wish.desired === 'stopped') {
		const late = killed ? `killed after ${formatDuration(wish.stopGraceMs)}` : undefined;
		return {state: 'stopped', reason: [wish.reason, late].filter(Boolean).join(', ') || undefined, exitCode};
	}

	if (overMemory) {
		const {limitBytes, usedBytes} = overMemory;
		const figures = `limit ${formatBytes(limitBytes)}, used ${formatBytes(usedBytes)}`;
		return {state: 'failed', reason: `out of memory (${figures})`, exitCode};
	}

	if (exitCode === undefined) {
		return {state: 'failed', reason: 'supervisor killed'};
	}

	if (exitCode === 0) {
		return {state: 'completed', exitCode};
	}

	const signal = signalOf(end, killed, sentSignal);
	const said = end?.type === 'exited' ? end.said : undefined;
	return {state: 'failed', reason: signal ? `killed by ${signal}` : (said ?? `exit code ${exitCode}`), exitCode};
}

/** The shim tells signals from codes where its shell does; 128 and more after a signal of the agent's own is that one. */
function signalOf(end: ProcessEnd | undefined, killed: boolean, sentSignal: string | undefined): string | undefined {
	if (end?.type === 'signalled') {
		return end.signal;
	}

	if (killed) {
		return 'SIGKILL';
	}

	return end?.type === 'exited' && end.code > 128 ? sentSignal : undefined;
}
