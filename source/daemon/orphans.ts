import {existsSync, rmSync} from 'node:fs';
import {type Home, nodePaths} from '../backends/local/home.ts';
import {signalProcess} from '../backends/local/process-identity.ts';
import {findInstanceProcesses, findRoleProcesses} from '../backends/local/process-scan.ts';
import type {Clock} from '../core/clock.ts';
import {endNode, listFolder} from './fence.ts';

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

/** Calls back once, when the home has been removed from under this process. The answer ends it. */
export function watchHome(home: Home, clock: Clock, gone: () => void): () => void {
	let cancel = () => {};
	const look = () => {
		cancel = clock.after(lookEveryMs, existsSync(home.lock) ? look : gone);
	};

	look();
	return () => cancel();
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
