import {type HealthState, unknownHealth} from '../../../../core/health.ts';
import type {InstanceWish, ObservedInstance} from '../../../../core/instance-step.ts';
import type {Health, HealthCheck, InstanceStatus} from '../../../../core/model/index.ts';
import type {Assignment, DeliveredFile} from '../../../../orchestrator/fleet.ts';
import {type InstancePaths, instancePaths} from '../../home.ts';
import type {AgentContext} from '../context.ts';
import {type LaunchPlan, visitorTarget} from '../launch/launch-plan.ts';
import {watchPhase} from '../runtimes/container-phase.ts';
import type {Cgroup} from '../watch/cgroup.ts';
import {watchHealth} from './health-watch.ts';
import type {Run} from './run.ts';

/** What an agent holds of one instance. Writers: instance.ts and instance-effects.ts. */
export type InstanceRecord = {
	readonly context: AgentContext;
	readonly assignment: Assignment;
	readonly paths: InstancePaths;
	/** Says that there is something to report. */
	readonly report: () => void;
	/** Looks what there is to do next. */
	readonly resume: () => void;
	/** What is reported. */
	status: InstanceStatus;
	/** What is desired; and what is seen: from these two comes the next step. */
	wish: InstanceWish;
	observed: ObservedInstance;
	/** The daemon has asked for it since this agent began; what it does not ask for is not started. */
	isOrdered: boolean;
	/** There was an agent before, which may have started what it could not note any more. */
	mayRunUnnoted: boolean;
	/** What it is given as files, until they are written. */
	files?: readonly DeliveredFile[];
	plan?: LaunchPlan;
	run?: Run;
	/** Where its limits are held by one; it outlives the process, and has to be removed. */
	cgroup?: Cgroup;
	sweeps: number;
	stopHealth: () => void;
};

export function newRecord(
	context: AgentContext,
	assignment: Assignment,
	{report, resume}: Pick<InstanceRecord, 'report' | 'resume'>,
): InstanceRecord {
	return {
		context,
		assignment,
		paths: instancePaths(context.home, context.nodeName, assignment.instanceId),
		report,
		resume,
		status: {state: 'preparing', at: Date.now(), health: 'none', endpoints: []},
		wish: {
			desired: 'running',
			stopGraceMs: assignment.template.stopGraceMs,
			hasPorts: assignment.targets.length > 0,
		},
		observed: {
			state: 'preparing',
			process: 'none',
			remains: 'unknown',
			ports: 'unknown',
			starts: 0,
			killed: false,
		},
		isOrdered: false,
		mayRunUnnoted: false,
		sweeps: 0,
		stopHealth: () => {},
	};
}

export function see(record: InstanceRecord, change: Partial<ObservedInstance>): void {
	record.observed = {...record.observed, ...change};
}

/** From here on it runs as `run`: says so, and asks for its health. */
export function runs(record: InstanceRecord, run: Run, known: HealthState = unknownHealth): void {
	record.run = run;
	record.sweeps = 0;
	record.plan = run.plan;
	record.cgroup = run.cgroup;
	see(record, {
		state: 'running',
		process: 'alive',
		starts: run.note.starts,
		remains: 'unknown',
		ports: 'unknown',
		end: undefined,
	});
	const check = checkOf(record);
	const container = run.plan?.container;
	const {state, at, pid} = record.status;
	record.status = {
		state: 'running',
		at: state === 'running' ? at : run.note.startedAt,
		startedAt: run.note.startedAt,
		pid: known === unknownHealth ? undefined : pid,
		endpoints: run.note.endpoints,
		isolation: run.note.isolation,
		health: check || container ? known.health : 'none',
		healthMessage: check && known.message,
	};
	record.stopHealth();
	record.stopHealth = container
		? untilContainerRuns(record, container.file, startedMs => askHealth(record, run, known, startedMs))
		: askHealth(record, run, known, run.startedMs);
	record.report();
}

/** Its health is asked for when it can have one: an image may take minutes to come. */
function untilContainerRuns(record: InstanceRecord, orderFile: string, ask: (startedMs: number) => () => void) {
	let stop = () => {};
	let isThere = false;
	const stopLooking = watchPhase(
		orderFile,
		text => say(record, {health: 'starting', message: text}),
		() => {
			isThere = true;
			stop = ask(performance.now());
		},
	);
	return () => {
		isThere ? stop() : stopLooking();
	};
}

function askHealth(record: InstanceRecord, run: Run, known: HealthState, startedMs: number): () => void {
	const check = checkOf(record);
	if (!check) {
		if (record.status.health !== 'none') {
			say(record, {health: 'none'});
		}

		return () => {};
	}

	const target = visitorTarget(run.plan, run.note.endpoints);
	return watchHealth({check, target, startedMs, known, changed: state => say(record, state)});
}

function say(record: InstanceRecord, {health, message}: {readonly health: Health; readonly message?: string}): void {
	record.status = {...record.status, health, healthMessage: message};
	record.report();
}

function checkOf({assignment: {template, image}}: InstanceRecord): HealthCheck | undefined {
	return template.container?.noHealthcheck ? undefined : (template.health ?? image?.health);
}
