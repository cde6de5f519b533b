import {rmSync, writeFileSync} from 'node:fs';
import type {Home} from '../../backends/local/home.ts';
import {isRunning, type ProcessIdentity, signalProcess} from '../../backends/local/system/process-identity.ts';
import {findInstanceProcesses, findOwnProcesses} from '../../backends/local/system/process-scan.ts';
import type {Clock} from '../../core/clock.ts';
import {removeSockets} from './fence.ts';

const pollMs = 50;

/**
 * Ends everything of a home whose daemon cannot be asked to: it hangs, is of another version, or cannot run (a damaged
 * store). First what would start something anew, then the instances: by SIGTERM, and after the grace period by SIGKILL.
 */
export async function endByForce(home: Home, clock: Clock, graceMs = 10_000): Promise<void> {
	markStopped(home);
	await killUntilGone(clock, () => findOwnProcesses(home.root));
	const instances = () => findInstanceProcesses(home.root);
	for (const one of instances()) {
		signalProcess(one, 'SIGTERM');
	}

	const deadlineMs = clock.monotonicMs() + graceMs;
	while (clock.monotonicMs() < deadlineMs && instances().length > 0) {
		await pause(clock);
	}

	await killUntilGone(clock, instances);
	removeSockets(home);
	rmSync(home.shortRun, {recursive: true, force: true});
}

/** As `daemon stop` does. Where it cannot be written, what would start a daemon is killed all the same. */
function markStopped(home: Home): void {
	try {
		writeFileSync(home.stopped, '', {mode: 0o600});
	} catch {
		// See above.
	}
}

async function killUntilGone(clock: Clock, find: () => ProcessIdentity[]): Promise<void> {
	for (let left = find(); left.length > 0; left = find()) {
		for (const one of left) {
			signalProcess(one, 'SIGKILL');
		}

		while (left.some(one => isRunning(one))) {
			await pause(clock);
		}
	}
}

function pause(clock: Clock): Promise<void> {
	return new Promise(resolve => {
		clock.after(pollMs, resolve);
	});
}
