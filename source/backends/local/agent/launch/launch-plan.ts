import {chownSync, mkdirSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Endpoint, Limits} from '../../../../core/model/index.ts';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../../home.ts';
import {exitFile} from '../../instance-notes.ts';
import {dockerSocket} from '../../system/docker-socket.ts';
import {visitorVariable} from '../../system/proc.ts';
import type {AgentContext} from '../context.ts';
import type {ProbeTarget} from '../instance/probe.ts';
import {beginPhase} from '../runtimes/container-phase.ts';
import {
	type ContainerOrder,
	containerEnvironment,
	containerName,
	containerPlace,
	namesOf,
	networkLack,
} from '../runtimes/docker-order.ts';
import type {Launch} from '../runtimes/process.ts';
import type {Cgroup, Cgroups} from '../watch/cgroup.ts';
import {attachmentVariables, bindsOf, contentOf, hasAttachments, placesOf} from './attachments.ts';
import {type Environment, instanceEnvironment} from './environment.ts';
import {type Apart, isolate} from './isolation.ts';
import {resolveCommand} from './program.ts';
import {resolveUser, type User} from './user.ts';

/** Everything that starting an instance, or something within it, needs to know. */
export type LaunchPlan = {
	readonly command: readonly string[];
	readonly environment: Environment;
	readonly workdir: string;
	readonly user?: User;
	readonly endpoints: readonly Endpoint[];
	/** What it is kept apart by; absent: nothing. */
	readonly apart?: Apart;
	/** What the container is made from, and where that is written for the process that stands for it. */
	readonly container?: {
		readonly order: ContainerOrder;
		readonly file: string;
		/** What a command within it is put behind. */
		readonly within: readonly string[];
	};
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
	const isContainer = template.image.startsWith('docker:');
	const user = isContainer ? undefined : resolveUser(template.user);
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
	if (isContainer) {
		return planContainer(context, subject, environment, endpoints);
	}

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

/** What stands for a container is a process like any other. */
function planContainer(
	context: AgentContext,
	subject: {readonly assignment: Assignment; readonly paths: InstancePaths},
	environment: Environment,
	endpoints: readonly Endpoint[],
): LaunchPlan {
	const {assignment, paths} = subject;
	const {template, instanceId} = assignment;
	const socket = dockerSocket(context.inherited);
	if (socket === undefined) {
		throw new Error(`no Docker on this machine for ${template.image}: there is no socket to ask`);
	}

	const network = containerNetwork(context, assignment);
	const order: ContainerOrder = {
		socket,
		name: containerName(instanceId),
		image: template.image.slice('docker:'.length),
		command: template.command,
		env: containerEnvironment(environment, assignment, {onNetworks: network !== undefined}),
		labels: {
			...template.container?.labels,
			'muster.home': context.home.root,
			'muster.instance': instanceId,
			'muster.service': assignment.serviceName,
		},
		...(template.user !== undefined && {user: template.user}),
		...(template.workdir !== undefined && {workdir: template.workdir}),
		tty: template.tty,
		stdin: needsHolder(assignment),
		stopSignal: template.stopSignal,
		ports: endpoints,
		binds: bindsOf(context, subject, containerPlace),
		...(template.limit.memoryBytes !== undefined && {memoryBytes: template.limit.memoryBytes}),
		...(template.limit.cpus !== undefined && {cpus: template.limit.cpus}),
		...(template.limit.pids !== undefined && {pids: template.limit.pids}),
		...(template.container && {options: template.container}),
		noNewPrivileges: template.isolation?.includes('no-new-privileges') ?? false,
		...(network && {network}),
	};
	const {command, args} = context.program;
	// It holds secrets where its variables do: so it lies where they lie.
	const file = path.join(path.dirname(placesOf(context, subject).secrets), 'container.json');
	return {
		command: [command, ...args, 'container', file],
		environment: withoutGiven(environment),
		workdir: paths.work,
		endpoints,
		container: {order, file, within: [command, ...args, 'container-exec', file]},
	};
}

function containerNetwork({home}: AgentContext, {networks, nameServer}: Assignment): ContainerOrder['network'] {
	return networks && nameServer && networkLack() === undefined
		? {networks, nameServer, tableFile: home.gatewayTable}
		: undefined;
}

/** Of the instance's own variables those that say whose it is, and no others. */
function withoutGiven(environment: Environment): Environment {
	const {PATH = '', HOME = ''} = environment;
	return {...namesOf(environment), PATH, HOME};
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
	const exit = exitFile(paths, assignment);
	const {command, becomesUser, said} = plan.apart
		? isolate(plan.command, plan.apart, plan.user)
		: {command: plan.command, becomesUser: false, said: []};
	const user = becomesUser ? undefined : plan.user;
	if (plan.container) {
		const {file, order} = plan.container;
		mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
		beginPhase(file);
		writeFileSync(file, JSON.stringify(order), {mode: 0o600});
	}

	if (plan.apart?.traits.includes('private-tmp')) {
		makeTmp(plan.apart.tmp, plan.user);
	}

	if (!needsHolder(assignment)) {
		return {command, environment, workdir, user, paths, exit, joinFiles, mayAct, said};
	}

	const mode = assignment.template.tty ? 'tty' : 'pipes';
	const asUser = user ? `${user.uid}:${user.gid}` : '-';
	const holder = [program.command, ...program.args, 'hold', paths.attachSocket, mode, asUser, '--'];
	return {command: [...holder, ...command], environment, workdir, paths, exit, joinFiles, mayAct, said};
}

function makeTmp(folder: string, user: User | undefined): void {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	if (user) {
		chownSync(folder, user.uid, user.gid);
	}
}

/** For what an agent runs within an instance; without a plan it can only be asked by its ports. */
export function visitorTarget(plan: LaunchPlan | undefined, endpoints: readonly Endpoint[]): ProbeTarget {
	const {environment = {}, workdir = '/', user, container} = plan ?? {};
	return {
		endpoints,
		environment: {...environment, [visitorVariable]: String(process.pid)},
		workdir,
		user,
		...(container && {within: container.within}),
	};
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
