import {rmSync, statSync} from 'node:fs';
import {type Home, nodePaths} from '../../backends/local/home.ts';
import {readProcesses} from '../../backends/local/system/proc.ts';
import {signalProcess} from '../../backends/local/system/process-identity.ts';
import {findInstanceProcesses, findOwnProcesses, findRoleProcesses} from '../../backends/local/system/process-scan.ts';
import type {Clock} from '../../core/clock.ts';
import {endNode, listFolder} from '../processes/fence.ts';

const lookEveryMs = 2000;

/**
 * For a store that has just begun: what an earlier one of this home ran is declared by nobody any more, and its nodes'
 * generations mean nothing. It is ended, and its folders go.
 */
export async function endEarlierNodes(home: Home, clock: Clock): Promise<void> {
	for (const name of listFolder(home.nodes)) {
		await endNode(home, name, clock);
		rmSync(nodePaths(home, name).folder, {recursive: true, force: true});
	}

	killInstances(home);
}

/**
 * Calls back once, when the home has been removed from under this process, or was and is there again: then it belongs to
 * another daemon.
 */
export function watchHome(home: Home, clock: Clock, gone: (how: 'removed' | 'replaced') => void): () => void {
	let cancel = () => {};
	const inode = inodeOf(home.lock);
	const look = () => {
		cancel = clock.after(lookEveryMs, () => {
			const found = inodeOf(home.lock);
			found === inode ? look() : gone(found === undefined ? 'removed' : 'replaced');
		});
	};

	look();
	return () => cancel();
}

function inodeOf(file: string): number | undefined {
	return statSync(file, {throwIfNoEntry: false})?.ino;
}

/** Of a home that is another daemon's by now: what this one has started, and the instances that it knows. */
export async function killOwn(home: Home, instanceIds: ReadonlySet<string>): Promise<void> {
	const processes = await readProcesses();
	const children = new Set(processes.filter(({parent}) => parent === process.pid).map(({pid}) => pid));
	const own = findOwnProcesses(home.root).filter(({pid}) => children.has(pid));
	for (const found of [...own, ...findInstanceProcesses(home.root, instanceIds)]) {
		signalProcess(found, 'SIGKILL');
	}
}

/** The home is gone, and with it all that is known: what it ran must not stay behind. */
export function killEverything(home: Home, nodeNames: readonly string[]): void {
	for (const role of [...nodeNames.map(name => ['agent', name]), ['gateway']]) {
		for (const found of findRoleProcesses(home.root, role)) {
			signalProcess(found, 'SIGKILL');
		}
	}

	killInstances(home);
}

function killInstances(home: Home): void {
	for (const instance of findInstanceProcesses(home.root)) {
		signalProcess(instance, 'SIGKILL');
	}
}
