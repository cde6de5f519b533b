import {constants} from 'node:os';
import type {ProcessEnd} from '../../../../core/instance-step.ts';
import type {Endpoint} from '../../../../core/model/index.ts';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../../home.ts';
import {exitFile, type ProcessNote, writeNotes} from '../../instance-notes.ts';
import {catchesSignal, childrenOf} from '../../system/proc.ts';
import {secretFolder} from '../../system/secret-folder.ts';
import type {AgentContext} from '../context.ts';
import {asLaunch, contain, type LaunchPlan, needsHolder, planLaunch} from '../launch/launch-plan.ts';
import {networkLack} from '../runtimes/docker-order.ts';
import {adopt, launch, type Supervised} from '../runtimes/process.ts';
import type {Cgroup} from '../watch/cgroup.ts';

/** One start of an instance: mostly the only one, see `nextStep` for the others. */
export type Run = {
	readonly note: ProcessNote;
	readonly supervised: Supervised;
	/** Absent: adopted, and what it was started from is no longer there. */
	readonly plan?: LaunchPlan;
	readonly cgroup?: Cgroup;
	/** Of the monotonic clock. */
	readonly startedMs: number;
};

type Subject = {readonly assignment: Assignment; readonly paths: InstancePaths};

/** Throws a sentence when it cannot be started. */
export async function startRun(
	context: AgentContext,
	{assignment, paths}: Subject,
	plan: LaunchPlan,
	starts: number,
	ended: (end: ProcessEnd) => void,
): Promise<Run> {
	const {cgroup, samplesMemory, isolation} = plan.container
		? {cgroup: undefined, samplesMemory: false, isolation: containment(plan, assignment)}
		: contain(assignment.instanceId, assignment.template.limit, plan.user, context.cgroups);
	const {said, ...options} = asLaunch(plan, context, assignment, paths, cgroup);
	const supervised = await launch(options, ended);
	const {user} = assignment.template;
	const own = user === undefined ? undefined : `user ${user}`;
	const all = [own, isolation, ...said, secretsText(context, assignment)].filter(text => text !== undefined);
	const note: ProcessNote = {
		...supervised.identity,
		startedAt: Date.now(),
		starts,
		endpoints: plan.endpoints,
		...(all.length > 0 && {isolation: all.join(', ')}),
		inCgroup: cgroup !== undefined,
		samplesMemory,
	};
	writeNotes(paths.notes, assignment, note);
	return {note, supervised, plan, cgroup, startedMs: performance.now()};
}

/** What keeps a container apart, and from whom it should not be kept. */
function containment({container}: LaunchPlan, {networks}: Assignment): string {
	return networks && !container?.order.network
		? `container, on no network of muster's: ${networkLack() ?? 'none was told'}`
		: 'container';
}

/** What has to be said of secrets that lie on a disk. */
function secretsText({home}: AgentContext, {template}: Assignment): string | undefined {
	const isOnDisk = (template.secrets?.length ?? 0) > 0 && !secretFolder(home).isInMemory;
	return isOnDisk ? 'secrets: on disk, this machine has no file system in memory' : undefined;
}

/** Goes on with what an earlier agent started and noted. */
export function adoptRun(
	context: AgentContext,
	{assignment, paths}: Subject,
	note: ProcessNote,
	ended: (end: ProcessEnd) => void,
): Run {
	context.ports.claim(note.endpoints);
	return {
		note,
		supervised: adopt(note, {exit: exitFile(paths, assignment), mayAct: context.mayAct}, context.adopted, ended),
		plan: planAgain(context, {assignment, paths}, note.endpoints),
		cgroup: note.inCgroup ? context.cgroups?.open(assignment.instanceId) : undefined,
		startedMs: performance.now() - Math.max(0, Date.now() - note.startedAt),
	};
}

function planAgain(context: AgentContext, {assignment, paths}: Subject, endpoints: readonly Endpoint[]) {
	try {
		return planLaunch(context, assignment, paths, endpoints);
	} catch {
		return undefined;
	}
}

/** The instance's own process, behind the shim and what holds its terminal; undefined when it is not there (yet). */
export function mainPid({supervised}: Pick<Run, 'supervised'>, assignment: Assignment): number | undefined {
	const first = childOf(supervised.identity.pid);
	const shown = needsHolder(assignment) ? childOf(first) : first;
	if (!assignment.template.isolation?.includes('own-processes')) return shown;
	const shell = childOf(shown);
	// Before it catches signals, what it runs are mounts.
	return shell !== undefined && catchesSignal(shell, constants.signals.SIGHUP) ? childOf(shell) : undefined;
}

function childOf(pid: number | undefined): number | undefined {
	return pid === undefined ? undefined : childrenOf(pid)[0];
}
