import {existsSync} from 'node:fs';
import type {ComponentHealth} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Home} from '../home.ts';
import type {DaemonVersion} from '../protocol.ts';
import type {Program} from '../start-daemon.ts';
import {identify, isRunning, type ProcessIdentity} from '../system/process-identity.ts';
import {connectOrStart, connectRunning} from './connect.ts';

export type DaemonStatus =
	| {
			readonly state: 'stopped';
			/** By `daemon stop`: nobody but the next command starts it. */
			readonly onPurpose: boolean;
	  }
	| {readonly state: 'running'; readonly daemon: DaemonVersion; readonly health: readonly ComponentHealth[]};

const pollMs = 20;
const endTimeoutMs = 10_000;

export async function daemonStatus(home: Home): Promise<DaemonStatus> {
	const running = await connectRunning(home);
	if (!running) {
		return {state: 'stopped', onPurpose: existsSync(home.stopped)};
	}

	try {
		const health = await running.client.call<readonly ComponentHealth[]>('GET', '/v1/health');
		return {state: 'running', daemon: running.daemon, health};
	} finally {
		running.client.close();
	}
}

/**
 * Ends the daemon, and with `all` everything else of this home too; comes back when that has been done. False: nothing
 * ran. With `all` a daemon is started where none runs, for agents and instances may go on without one.
 */
export async function stopDaemon(home: Home, {all, program}: {all: boolean; program?: Program}): Promise<boolean> {
	const connection = all && hasLeftOvers(home) ? await connectOrStart(home, program) : await connectRunning(home);
	if (!connection) {
		return false;
	}

	const {client, daemon} = connection;
	const process = identify(daemon.pid);
	try {
		await client.call('POST', '/v1/stop', {all});
	} finally {
		client.close();
	}

	await ended(process);
	return true;
}

/** The daemon ran before: what it started may still run. */
function hasLeftOvers(home: Home): boolean {
	return existsSync(home.store);
}

async function ended(process: ProcessIdentity | undefined): Promise<void> {
	const deadlineMs = performance.now() + endTimeoutMs;
	while (process && isRunning(process)) {
		if (performance.now() > deadlineMs) {
			throw new ClusterError('timeout', `The daemon, process ${process.pid}, does not end.`);
		}

		await new Promise(resolve => setTimeout(resolve, pollMs));
	}
}
