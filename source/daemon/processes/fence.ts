import {readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {type Home, instancePaths, nodePaths} from '../../backends/local/home.ts';
import {readNotes} from '../../backends/local/instance-notes.ts';
import {
	isProcessIdentity,
	isRunning,
	type ProcessIdentity,
	signalGroup,
	signalProcess,
} from '../../backends/local/system/process-identity.ts';
import {findInstanceProcesses, findRoleProcesses} from '../../backends/local/system/process-scan.ts';
import {removeContainers} from '../../backends/local/system/remove-containers.ts';
import {secretFolder} from '../../backends/local/system/secret-folder.ts';
import type {Clock} from '../../core/clock.ts';
import {isFinal} from '../../core/instance-state.ts';

const firstPollMs = 15;
const maxPollMs = 250;

/**
 * Ends the agent of a node and every process of its instances by SIGKILL, each by its identity, and comes back when all
 * are gone. First the agent, so that it starts nothing more; then what its folders and the process table say.
 */
export async function endNode(home: Home, nodeName: string, clock: Clock): Promise<void> {
	for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, maxPollMs)) {
		const agents = findAgents(home, nodeName).filter(agent => signalProcess(agent, 'SIGKILL'));
		const isAgentGone = !agents.some(agent => isRunning(agent));
		if (killInstances(home, nodeName) === 0 && isAgentGone) {
			await Promise.all(liveContainers(home, nodeName).map(id => removeContainers(process.env, id)));
			if (killInstances(home, nodeName) === 0) {
				return;
			}
		}

		await new Promise<void>(resolve => {
			clock.after(pollMs, resolve);
		});
	}
}

/** The recorded agent, and any that was started but has not been recorded. */
export function findAgents(home: Home, nodeName: string): ProcessIdentity[] {
	const recorded = readIdentity(nodePaths(home, nodeName).agentInfo);
	const running = findRoleProcesses(home.root, ['agent', nodeName]);
	return recorded && isRunning(recorded) && !running.some(({pid}) => pid === recorded.pid)
		? [recorded, ...running]
		: running;
}

/** Instances whose containers Docker may just be about to start. */
function liveContainers(home: Home, nodeName: string): string[] {
	return listFolder(nodePaths(home, nodeName).instances).filter(id => {
		const {assignment, status} = readNotes(instancePaths(home, nodeName, id).notes);
		const isOver = status !== undefined && isFinal(status.status.state);
		return assignment?.template.image.startsWith('docker:') && !isOver;
	});
}

/** How many it found alive. */
function killInstances(home: Home, nodeName: string): number {
	const {instances} = nodePaths(home, nodeName);
	const ids = listFolder(instances);
	const leaders = ids
		.map(id => readNotes(instancePaths(home, nodeName, id).notes).process)
		.filter(leader => leader !== undefined)
		.filter(leader => signalGroup(leader, 'SIGKILL'));
	const others = findInstanceProcesses(home.root, new Set(ids)).filter(found => signalProcess(found, 'SIGKILL'));
	return leaders.length + others.length;
}

/** After a fence: nothing that could be taken for a living instance stays; the logs do, for as long as history is kept. */
export function clearInstances(home: Home, nodeName: string): void {
	const {instances, agentInfo} = nodePaths(home, nodeName);
	rmSync(path.join(secretFolder(home).folder, nodeName), {recursive: true, force: true});
	rmSync(agentInfo, {force: true});
	for (const id of listFolder(instances)) {
		rmSync(instancePaths(home, nodeName, id).attachSocket, {force: true});
		for (const name of listFolder(path.join(instances, id)).filter(file => !/^std(out|err)\.log/.test(file))) {
			rmSync(path.join(instances, id, name), {recursive: true, force: true});
		}
	}
}

/** What lies outside of a home whose paths are too long for sockets; `kept`: one that is still listened on. */
export function removeSockets({shortRun}: Home, kept?: string): void {
	for (const name of listFolder(shortRun).filter(each => each !== kept)) {
		rmSync(path.join(shortRun, name), {recursive: true, force: true});
	}
}

export function listFolder(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

/** {pid, startTime, bootId} in a file; undefined when there is none, or it is not whole. */
export function readIdentity(file: string): ProcessIdentity | undefined {
	try {
		const {pid, startTime, bootId} = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessIdentity>;
		const identity = {pid, startTime, bootId};
		return isProcessIdentity(identity) ? identity : undefined;
	} catch {
		return undefined;
	}
}
