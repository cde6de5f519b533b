import {isFinal} from '../../core/instance-state.ts';
import type {InstanceStatus, Instant} from '../../core/model/index.ts';
import type {Assignment, DeliveredFile} from '../fleet.ts';
import type {SimulatedProcess} from './process.ts';

/** What a node's disk keeps of one instance: it outlives the agent. */
export type KeptInstance = {
	readonly assignment: Assignment;
	/** What it was given to read. */
	files?: readonly DeliveredFile[] | undefined;
	process?: SimulatedProcess;
	/** Told to stop, and why. */
	stopReason?: string;
	/** Thrown away once it has ended. */
	isForgotten: boolean;
	/** As the agent last saw it. */
	status: InstanceStatus;
};

/** What an agent that looks now says of an instance that has, or had, a process. */
export function observedStatus({process, stopReason, status}: KeptInstance, now: Instant): InstanceStatus {
	if (isFinal(status.state)) {
		return status;
	}

	if (process === undefined) {
		return stopReason === undefined ? status : {...ended(status, now), state: 'stopped', reason: stopReason};
	}

	if (process.isAlive) {
		const {health, startedAt, pid} = process;
		const at = status.state === 'running' ? status.at : now;
		return {...status, state: 'running', at, health, startedAt, pid};
	}

	const {exitCode} = process;
	const end = {...ended(status, now), ...(exitCode === undefined ? {} : {exitCode})};
	if (stopReason !== undefined) {
		return {...end, state: 'stopped', reason: stopReason};
	}

	if (exitCode === undefined) {
		return {...end, state: 'failed', reason: 'supervisor killed'};
	}

	return exitCode === 0 ? {...end, state: 'completed'} : {...end, state: 'failed', reason: `exit code ${exitCode}`};
}

function ended({reason: _, ...status}: InstanceStatus, now: Instant): InstanceStatus {
	return {...status, at: now, finishedAt: now, health: 'none'};
}
