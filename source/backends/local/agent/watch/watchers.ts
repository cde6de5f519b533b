import {heartbeatMs} from '../../../../core/lease.ts';
import type {AgentMessage} from '../../protocol.ts';
import {eachMember, readProcesses} from '../../system/proc.ts';
import type {Agent} from '../agent.ts';
import type {AgentContext} from '../context.ts';
import type {AgentInstance} from '../instance/instance.ts';
import {sampleMemory} from './memory-guard.ts';
import {createUsageSampler, type UsageSubject} from './usage-sampler.ts';

const memoryLookMs = 1000;
const minUsageLookMs = 2000;
const maxUsageLookMs = 15_000;
/** While instances start nobody needs figures as much as they need the processor; so it waits, but not for ever. */
const busyMs = 500;
/** To look at one process takes some 0.012 ms; so this is at most a quarter of a percent of a core. */
const usageLookMsEach = 5;

/** Each second, holds the memory limits that no control group holds. */
export function guardMemory(agent: Agent, {home, mayAct}: AgentContext): void {
	const look = async () => {
		const limited = [...agent.instances].filter(({run}) => run?.note.samplesMemory);
		const sums = limited.length > 0 ? await sampleMemory(home.root, new Set(limited.map(({id}) => id))) : new Map();
		for (const instance of limited) {
			const used = sums.get(instance.id) ?? 0;
			if (used > (instance.assignment.template.limit.memoryBytes ?? Infinity) && mayAct()) {
				instance.exceedMemory(used);
			}
		}

		setTimeout(() => void look(), memoryLookMs);
	};

	void look();
}

/**
 * Tells what the instances use, every two seconds; less often with many processes on the machine. That there are none (any
 * more) is told too.
 */
export function watchUsage(agent: Agent, {home}: AgentContext, send: (message: AgentMessage) => void): void {
	const usageOf = createUsageSampler();
	let lookedMs = performance.now();
	const look = async () => {
		if ([...agent.instances].some(({isStarting}) => isStarting) && performance.now() - lookedMs < maxUsageLookMs) {
			setTimeout(() => void look(), busyMs);
			return;
		}

		lookedMs = performance.now();
		const within = await sessionsWithin(agent, home.root);
		const subjects = [...agent.instances].flatMap(instance => subjectOf(instance, within.get(instance.id)));
		const processes = subjects.length > 0 ? await readProcesses() : [];
		send({type: 'usage', usage: usageOf(subjects, processes)});
		const pauseMs = Math.max(minUsageLookMs, processes.length * usageLookMsEach);
		setTimeout(() => void look(), Math.min(maxUsageLookMs, pauseMs));
	};

	setTimeout(() => void look(), minUsageLookMs * Math.random());
}

/** What stands for a container is muster's, and no use of the container's. */
function subjectOf({id, run}: AgentInstance, within: Iterable<number> = []): UsageSubject[] {
	const sessions = run?.plan?.container ? within : [run?.note.pid ?? 0];
	return run ? [{id, sessions, memoryBytes: run.cgroup?.memoryBytes()}] : [];
}

/** Of containers: Docker starts what runs in them, so that it is found by what it carries only. */
async function sessionsWithin(agent: Agent, root: string): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
	const standIns = new Map(
		[...agent.instances].flatMap(({id, run}) => (run?.plan?.container ? [[id, run.note.pid]] : [])),
	);
	const sessions = new Map<string, Set<number>>();
	if (standIns.size > 0) {
		await eachMember({root, instanceIds: new Set(standIns.keys())}, ({instanceId, session, isVisitor}) => {
			if (!isVisitor && session !== standIns.get(instanceId)) {
				sessions.set(instanceId, (sessions.get(instanceId) ?? new Set()).add(session));
			}
		});
	}

	return sessions;
}

/** About each second; agents that began together drift apart. */
export function beat(each: () => void): void {
	setTimeout(
		() => {
			each();
			beat(each);
		},
		heartbeatMs * (0.85 + Math.random() * 0.2),
	);
}
