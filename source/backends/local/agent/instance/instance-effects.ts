import {rmSync} from 'node:fs';
import type {InstanceOutcome, InstanceStep, ProcessEnd} from '../../../../core/instance-step.ts';
import {removeContainers} from '../../system/remove-containers.ts';
import {withSocket} from '../answer-socket.ts';
import {hasAttachments, prepareMounts, removeSecretsOf, writeFiles} from '../launch/attachments.ts';
import {planLaunch} from '../launch/launch-plan.ts';
import {isFree} from '../launch/ports.ts';
import {readPhase} from '../runtimes/container-phase.ts';
import {cannotStart} from '../runtimes/docker-client.ts';
import {findUnnoted} from './adoption.ts';
import {createInstanceFolder} from './instance-files.ts';
import {type InstanceRecord, runs, see} from './instance-record.ts';
import {adoptRun, startRun} from './run.ts';
import {toSignal} from './signal.ts';

type Effect = Exclude<InstanceStep, {type: 'wait'}>;

const maxSweepPauseMs = 1000;
const cgroupRetryMs = 200;
const cgroupRetries = 25;
const lateContainerMs = 3000;

/** Does one step. What comes of it is seen in the record afterwards, or when something happens. */
export async function perform(record: InstanceRecord, step: Effect): Promise<void> {
	switch (step.type) {
		case 'prepare':
			return attempt(record, prepare);
		case 'start':
			return attempt(record, start);
		case 'signal':
			see(record, {signalledAtMs: performance.now()});
			record.run?.supervised.signal(toSignal(record.assignment.template.stopSignal));
			return;
		case 'kill':
			see(record, {killed: true});
			record.run?.supervised.signal('SIGKILL');
			return;
		case 'sweep':
			return sweep(record);
		case 'check-ports':
			return checkPorts(record);
		case 'finish':
			finish(record, step);
	}
}

/** What fails here is why the instance is rejected. */
async function attempt(record: InstanceRecord, effect: (record: InstanceRecord) => Promise<void>): Promise<void> {
	try {
		await effect(record);
	} catch (error) {
		see(record, {process: 'none', problem: (error as Error).message});
	}
}

async function prepare(record: InstanceRecord): Promise<void> {
	const {assignment, context, paths} = record;
	if (assignment.nodeGeneration !== context.generation) {
		const generations = `generation ${assignment.nodeGeneration} of its node, which has ${context.generation}`;
		throw new Error(`placed under ${generations}`);
	}

	// The files come first: with the assignment there, an agent takes it for prepared.
	createInstanceFolder(paths, assignment, context.spareFolders, () => {
		if (hasAttachments(assignment)) {
			writeFiles(context, record, record.files ?? []);
			prepareMounts(context, record);
		}
	});
	await choosePorts(record);
	see(record, {state: 'ready'});
}

async function choosePorts(record: InstanceRecord): Promise<void> {
	const {assignment, context, paths} = record;
	releasePorts(record);
	const endpoints = withSocket(record, await context.ports.allocate(assignment.targets));
	for (const {socket} of endpoints) {
		// An earlier start has left it there.
		socket !== undefined && rmSync(socket, {force: true});
	}

	record.status = {...record.status, endpoints};
	record.plan = planLaunch(context, assignment, paths, endpoints);
}

function releasePorts(record: InstanceRecord): void {
	record.context.ports.release(record.status.endpoints);
	record.status = {...record.status, endpoints: []};
}

async function start(record: InstanceRecord): Promise<void> {
	const {context, observed} = record;
	if (observed.starts > 0 || !record.plan) {
		await choosePorts(record);
	}

	const unnoted = record.mayRunUnnoted ? await findUnnoted(record) : undefined;
	record.mayRunUnnoted = false;
	await context.startTurn();
	if (unnoted) {
		releasePorts(record);
		runs(record, adoptRun(context, record, unnoted, ended(record)));
	} else if (record.plan && context.mayAct() && record.wish.desired === 'running') {
		runs(record, await startRun(context, record, record.plan, observed.starts + 1, ended(record)));
	}
}

/** Called when the shim is gone. */
export function ended(record: InstanceRecord): (end: ProcessEnd) => void {
	return end => {
		const {run, plan} = record;
		record.stopHealth();
		const isCut = plan?.container !== undefined && end.type === 'exited' && end.code === cannotStart;
		const said = isCut && readPhase(plan.container.file);
		const limitBytes = record.assignment.template.limit.memoryBytes;
		const isOutOfMemory = limitBytes !== undefined && (record.cgroup?.oomKills() ?? 0) > 0;
		see(record, {
			process: 'ended',
			end: isCut && said ? {...end, said} : end,
			ranMs: run && performance.now() - run.startedMs,
			...(isOutOfMemory && {overMemory: {limitBytes, usedBytes: record.cgroup?.peakBytes() ?? limitBytes}}),
		});
		record.resume();
	};
}

async function sweep(record: InstanceRecord): Promise<void> {
	const {context, assignment, run} = record;
	if (record.sweeps > 0) {
		await new Promise(resolve => setTimeout(resolve, Math.min(maxSweepPauseMs, 5 * 2 ** record.sweeps)));
	}

	record.sweeps++;
	let carrying = await context.sweeper.sweep(assignment.instanceId, run?.supervised.identity);
	if (carrying === 'none' && context.mayAct() && isContainer(record)) {
		await removeContainers(context.inherited, assignment.instanceId);
		carrying = await context.sweeper.sweep(assignment.instanceId, undefined);
	}

	const inGroup = context.mayAct() ? (record.cgroup?.killAll() ?? 0) : 0;
	see(record, {remains: carrying === 'some' || inGroup > 0 ? 'some' : 'none'});
}

function isContainer({assignment}: InstanceRecord): boolean {
	return assignment.template.image.startsWith('docker:');
}

async function checkPorts(record: InstanceRecord): Promise<void> {
	for (const {port} of record.status.endpoints) {
		if (!(await isFree(port))) {
			see(record, {ports: 'taken'});
			return;
		}
	}

	see(record, {ports: 'free'});
}

function finish(record: InstanceRecord, {state, reason, exitCode}: InstanceOutcome): void {
	const {startedAt, isolation} = record.status;
	releasePorts(record);
	record.stopHealth();
	see(record, {state});
	const at = Date.now();
	const finishedAt = startedAt === undefined ? undefined : at;
	record.status = {state, at, reason, exitCode, startedAt, finishedAt, isolation, health: 'none', endpoints: []};
	removeCgroup(record, cgroupRetries);
	if (isContainer(record) && record.observed.end?.type !== 'exited') {
		removeLateContainers(record);
	}

	if (hasAttachments(record.assignment) || isContainer(record)) {
		removeSecretsOf(record.context, record.assignment.instanceId);
	}

	record.report();
}

/** One that Docker was about to make when it was asked to remove it is never started, but stays. */
function removeLateContainers({context, assignment}: InstanceRecord): void {
	setTimeout(() => void removeContainers(context.inherited, assignment.instanceId), lateContainerMs).unref();
}

/** The kernel may take a moment to notice that a group is empty. */
function removeCgroup(record: InstanceRecord, retries: number): void {
	if (record.cgroup?.remove() === false && retries > 0) {
		setTimeout(() => removeCgroup(record, retries - 1), cgroupRetryMs);
	}
}
