import {chownSync, mkdirSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Endpoint, Limits} from '../../../core/model/index.ts';
import type {Assignment} from '../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../home.ts';
import {visitorVariable} from '../proc.ts';
import {attachmentVariables, bindsOf, contentOf, hasAttachments} from './attachments.ts';
import type {Cgroup, Cgroups} from './cgroup.ts';
import type {AgentContext} from './context.ts';
import {type Environment, instanceEnvironment} from './environment.ts';
import {type Apart, isolate} from './isolation.ts';
import type {ProbeTarget} from './probe.ts';
import {resolveCommand, resolveUser, type User} from './program.ts';
import type {Launch} from './runtimes/process.ts';

/** Everything that starting an instance, or something within it, needs to know. */
export type LaunchPlan = {
	readonly command: readonly string[];
	readonly environment: Environment;
	readonly workdir: string;
	readonly user?: User;
	readonly endpoints: readonly Endpoint[];
	/** What it is kept apart by; absent: nothing. */
	readonly apart?: Apart;
};

/** Throws a sentence that says why the instance cannot be started here. */
export function planLaunch(
	context: AgentContext,
	assignment: Assignment,
	paths: InstancePaths,
	endpoints: readonly Endpoint[],
): LaunchPlan {
	const {home, nodeName, inherited} = context;
	const {template} = assignment;
	const subject = {assignment, paths};
	if (template.image.startsWith('docker:')) {
		throw new Error(`no container runtime on this node: ${template.image}`);
	}

	const user = resolveUser(template.user);
	const userHome = user?.home ? {HOME: user.home} : {};
	const environment = instanceEnvironment({
		assignment,
		endpoints,
		nodeName,
		root: home.root,
		inherited: {...inherited, ...userHome},
		given: hasAttachments(assignment) ? attachmentVariables(context, subject) : {},
		contentOf: reference => contentOf(context, subject, reference),
	});
	const workdir = template.workdir || paths.work;
	if (template.workdir && !isFolder(template.workdir)) {
		throw new Error(`no such folder: ${template.workdir}`);
	}

	if (user) {
		chownSync(paths.work, user.uid, user.gid);
	}

	const apart = apartOf(context, subject);
	return {
		command: resolveCommand(assignment, environment),
		environment,
		workdir,
		user,
		endpoints,
		...(apart && {apart}),
	};
}

function apartOf(context: AgentContext, subject: {assignment: Assignment; paths: InstancePaths}): Apart | undefined {
	const {isolation: traits = []} = subject.assignment.template;
	const binds = hasAttachments(subject.assignment) ? bindsOf(context, subject) : [];
	return traits.length + binds.length === 0 ? undefined : {traits, binds, tmp: path.join(subject.paths.folder, 'tmp')};
}

function isFolder(file: string): boolean {
	try {
		return statSync(file).isDirectory();
	} catch {
		return false;
	}
}

/** Whether a terminal or an open stdin has to be held for it. */
export function needsHolder({template}: Assignment): boolean {
	return template.tty || template.openStdin;
}

/** What is put behind the shim: the command, or what holds its terminal and becomes the other user by itself. */
export function asLaunch(
	plan: LaunchPlan,
	{program, mayAct}: AgentContext,
	assignment: Assignment,
	paths: InstancePaths,
	cgroup: Cgroup | undefined,
): Launch & {readonly said: readonly string[]} {
	const {environment, workdir} = plan;
	const joinFiles = cgroup?.joinFiles ?? [];
	const {command, becomesUser, said} = plan.apart
		? isolate(plan.command, plan.apart, plan.user)
		: {command: plan.command, becomesUser: false, said: []};
	const user = becomesUser ? undefined : plan.user;
	if (plan.apart?.traits.includes('private-tmp')) {
		makeTmp(plan.apart.tmp, plan.user);
	}

	if (!needsHolder(assignment)) {
		return {command, environment, workdir, user, paths, joinFiles, mayAct, said};
	}

	const mode = assignment.template.tty ? 'tty' : 'pipes';
	const asUser = user ? `${user.uid}:${user.gid}` : '-';
	const holder = [program.command, ...program.args, 'hold', paths.attachSocket, mode, asUser, '--'];
	return {command: [...holder, ...command], environment, workdir, paths, joinFiles, mayAct, said};
}

function makeTmp(folder: string, user: User | undefined): void {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	if (user) {
		chownSync(folder, user.uid, user.gid);
	}
}

/** For what an agent runs within an instance; without a plan it can only be asked by its ports. */
export function visitorTarget(plan: LaunchPlan | undefined, endpoints: readonly Endpoint[]): ProbeTarget {
	const {environment = {}, workdir = '/', user} = plan ?? {};
	return {endpoints, environment: {...environment, [visitorVariable]: String(process.pid)}, workdir, user};
}

export type Containment = {
	readonly cgroup?: Cgroup;
	/** The memory limit is for the memory guard to hold. */
	readonly samplesMemory: boolean;
	/** For `inspect`; absent without limits. */
	readonly isolation?: string;
};

/** Holds the limits by a control group where that can be made, else leaves it to the one who samples. */
export function contain(
	instanceId: string,
	limits: Limits,
	user: User | undefined,
	cgroups: Cgroups | undefined,
): Containment {
	if (limits.memoryBytes === undefined && limits.cpus === undefined) {
		return {samplesMemory: false};
	}

	const canLimitMemory = cgroups?.controllers.includes('memory') ?? false;
	const canLimitCpu = cgroups?.controllers.includes('cpu') ?? false;
	let cgroup: Cgroup | undefined;
	let problem = '';
	try {
		cgroup = cgroups?.create(instanceId, limits, user);
	} catch (error) {
		problem = ` (${(error as Error).message})`;
	}

	const byGroup = `cgroup ${cgroups?.version}`;
	const memory = cgroup && canLimitMemory ? byGroup : `sampled${problem}`;
	const cpu = cgroup && canLimitCpu ? byGroup : `not enforced${problem}`;
	const parts = [
		...(limits.memoryBytes === undefined ? [] : [`memory: ${memory}`]),
		...(limits.cpus === undefined ? [] : [`cpu: ${cpu}`]),
	];
	const samplesMemory = limits.memoryBytes !== undefined && !(cgroup && canLimitMemory);
	return {cgroup, samplesMemory, isolation: parts.join(', ')};
}
