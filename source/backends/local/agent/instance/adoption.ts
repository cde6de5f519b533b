import {statSync} from 'node:fs';
import type {ProcessEnd} from '../../../../core/instance-step.ts';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import {type InstancePaths, instancePaths, nodePaths} from '../../home.ts';
import {exitFile, type ProcessNote, readNotes, type StatusNote} from '../../instance-notes.ts';
import {eachMember, type InstanceProcess} from '../../system/proc.ts';
import {
	bootId,
	identify,
	isRunning,
	type ProcessIdentity,
	readCommandLine,
	readEnvironment,
} from '../../system/process-identity.ts';
import {withSocket} from '../answer-socket.ts';
import type {AgentContext} from '../context.ts';
import {endpointsOf} from '../launch/environment.ts';
import {instanceHost} from '../launch/ports.ts';
import {readExit, shimName} from '../shim.ts';
import {listInstanceIds, removeInstanceFolder} from './instance-files.ts';

/** What an agent that begins has found of an instance of its node. */
export type Found = {
	readonly assignment: Assignment;
	readonly note?: ProcessNote;
	readonly status?: StatusNote;
	/** How its process ended; absent: it runs, or was never started. */
	readonly end?: ProcessEnd;
};

type Subject = {readonly context: AgentContext; readonly assignment: Assignment; readonly paths: InstancePaths};

/**
 * Reads what the agents before this one left: looks only, and touches nothing but folders that hold nothing. `visitors`:
 * what they ran within instances, sessions and health checks, which nobody waits for any more.
 */
export async function findInstances(context: AgentContext): Promise<{found: Found[]; visitors: ProcessIdentity[]}> {
	const members: InstanceProcess[] = [];
	await eachMember({root: context.home.root, instanceIds: 'all'}, member => members.push(member));
	const ids = listInstanceIds(nodePaths(context.home, context.nodeName).instances);
	const found = ids.map(id => findInstance(context, id, members)).filter(each => each !== undefined);
	const own = new Set(ids);
	const visitors = members
		.filter(({isVisitor, instanceId}) => isVisitor && own.has(instanceId))
		.map(({pid}) => identify(pid))
		.filter(identity => identity !== undefined);
	return {found, visitors};
}

function findInstance(context: AgentContext, id: string, members: readonly InstanceProcess[]): Found | undefined {
	const paths = instancePaths(context.home, context.nodeName, id);
	const {assignment, process, status} = readNotes(paths.notes);
	if (!assignment) {
		if (!holdsLogs(paths)) {
			removeInstanceFolder(paths);
		}

		return undefined;
	}

	const note = process ?? noteFrom({context, assignment, paths}, members);
	return {assignment, status, note, end: endOf(context, assignment, paths, note)};
}

/** A fence leaves nothing but the logs, for as long as the history is kept. */
function holdsLogs({stdout}: InstancePaths): boolean {
	return (statSync(stdout, {throwIfNoEntry: false})?.size ?? 0) > 0;
}

function endOf(
	{generation}: AgentContext,
	assignment: Assignment,
	paths: InstancePaths,
	note: ProcessNote | undefined,
): ProcessEnd | undefined {
	if (assignment.nodeGeneration < generation) {
		return {type: 'fenced'};
	}

	if (!note) {
		return undefined;
	}

	if (note.bootId !== bootId()) {
		return {type: 'rebooted'};
	}

	return isRunning(note) ? undefined : (readExit(exitFile(paths, assignment)) ?? {type: 'unsupervised'});
}

/** The shim of an instance that was started, and whose starter was killed before it could write that down. */
export async function findUnnoted(subject: Subject): Promise<ProcessNote | undefined> {
	const members: InstanceProcess[] = [];
	const {context, assignment} = subject;
	const instanceIds = new Set([assignment.instanceId]);
	await eachMember({root: context.home.root, instanceIds}, member => members.push(member));
	return noteFrom(subject, members);
}

function noteFrom(subject: Subject, members: readonly InstanceProcess[]): ProcessNote | undefined {
	const {context, assignment} = subject;
	const shim = members.find(
		({pid, session, instanceId}) =>
			instanceId === assignment.instanceId && session === pid && readCommandLine(pid).includes(shimName),
	);
	const identity = shim && identify(shim.pid);
	if (!identity) {
		return undefined;
	}

	const {limit} = assignment.template;
	const inCgroup = context.cgroups !== undefined && (limit.memoryBytes ?? limit.cpus) !== undefined;
	return {
		...identity,
		startedAt: Date.now(),
		starts: 1,
		endpoints: withSocket(subject, endpointsOf(readEnvironment(identity.pid) ?? {}, assignment.targets, instanceHost)),
		inCgroup,
		samplesMemory: !inCgroup && limit.memoryBytes !== undefined,
	};
}
