import {holdsRoom, isFinal, isForward} from '../../core/instance-state.ts';
import type {Instance, InstanceStatus, Instant} from '../../core/model/index.ts';
import {unseenEnd} from '../../core/restart.ts';
import type {InstanceReport} from '../fleet.ts';
import {emit, type Turn} from '../turn.ts';

/** The orchestrator's time of a moment by the wall clock. */
type OfWall = (at: Instant) => Instant;

/** What a node's agent said of one instance. */
export type SeenInstance = InstanceReport & {readonly nodeId: string; readonly generation: number};

/**
 * Takes over what an agent says of one instance. Dropped is what is old, repeated, or said under another generation, or by
 * another node than the store has it on: after a power cut the store may have forgotten that it was there. What it believes
 * to be pending then has run already, and another takes its place: nothing runs twice under one id.
 */
export function observe(
	turn: Turn,
	{instanceId, nodeId, generation, status: told}: SeenInstance,
	ofWall: OfWall,
): void {
	const instance = turn.tx.get('instance', instanceId);
	if (instance?.status.state === 'pending') {
		end(turn, instance, 'stopped', 'was on a node before, which a power cut took from the store');
		return;
	}

	if (instance === undefined || instance.nodeId !== nodeId || instance.nodeGeneration !== generation) {
		return;
	}

	const known = instance.status;
	const reported = inTime(told, known, at => Math.min(ofWall(at), turn.now));
	if (isFinal(known.state) || !isForward(known.state, reported.state) || unchanged(known, reported)) {
		return;
	}

	turn.tx.put('instance', {...instance, status: reported});
	tell(turn, instance, reported);
}

/** An agent said hello: its node is ready, and what it should have but does not know of ended unseen. */
export function observeHello(turn: Turn, nodeId: string, generation: number, reported: ReadonlySet<string>): void {
	const node = turn.tx.get('node', nodeId);
	if (node === undefined || node.generation !== generation || node.status.state === 'down') {
		return;
	}

	if (node.status.state !== 'ready') {
		turn.tx.put('node', {...node, status: {state: 'ready', at: turn.now, fencing: false}});
		emit(turn, node, 'Ready', 'its agent is connected');
	}

	for (const instance of [...turn.tx.instancesOnNode(nodeId)]) {
		const {state} = instance.status;
		if (holdsRoom(state) && state !== 'assigned' && !reported.has(instance.id)) {
			end(turn, instance, 'failed', unseenEnd);
			emit(turn, instance, 'Failed', unseenEnd, 'warning');
		}
	}
}

/** Was told to stop before its agent ever took it up. */
export function stopUnstarted(turn: Turn, instance: Instance): void {
	end(turn, instance, 'stopped', instance.desiredReason ?? 'stopped');
}

function end(turn: Turn, instance: Instance, state: 'failed' | 'stopped', reason: string): void {
	const status = {...instance.status, state, at: turn.now, finishedAt: turn.now, reason};
	turn.tx.put('instance', {...instance, status});
}

/**
 * An agent tells the wall clock's time, which may have been set back since the orchestrator's: what is new in its report is
 * brought to that, or every failure would seem to be long ago. What it told of before stays at its moment.
 */
function inTime(told: InstanceStatus, known: InstanceStatus, ofWall: OfWall): InstanceStatus {
	const {startedAt, finishedAt} = told;
	return {
		...told,
		at: told.state === known.state ? known.at : ofWall(told.at),
		...(startedAt !== undefined && {startedAt: known.startedAt ?? ofWall(startedAt)}),
		...(finishedAt !== undefined && {finishedAt: ofWall(finishedAt)}),
	};
}

function unchanged(a: InstanceStatus, b: InstanceStatus): boolean {
	return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function tell(turn: Turn, instance: Instance, {state, reason, health, healthMessage}: InstanceStatus): void {
	const before = instance.status;
	if (state !== before.state) {
		if (state === 'running') {
			emit(turn, instance, 'Started', `runs on ${instance.nodeName}`);
		} else if (state === 'failed' || state === 'rejected') {
			emit(turn, instance, state === 'failed' ? 'Failed' : 'Rejected', reason ?? state, 'warning');
		} else if (isFinal(state)) {
			emit(turn, instance, state === 'completed' ? 'Completed' : 'Stopped', instance.desiredReason ?? reason ?? state);
		}
	}

	if (health !== before.health && health === 'unhealthy') {
		emit(turn, instance, 'Unhealthy', healthMessage ?? 'its health check fails', 'warning');
	}
}
