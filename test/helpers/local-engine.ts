import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {stopDaemon} from '../../source/backends/local/client/daemon-control.ts';
import {type Home, homeOf} from '../../source/backends/local/home.ts';
import {openLocal} from '../../source/backends/local/index.ts';
import type {Program} from '../../source/backends/local/start-daemon.ts';
import {
	identify,
	isRunning,
	type ProcessIdentity,
	readCommandLine,
	signalProcess,
} from '../../source/backends/local/system/process-identity.ts';
import {findInstanceProcesses, findRoleProcesses} from '../../source/backends/local/system/process-scan.ts';
import type {Backend} from '../../source/core/backend.ts';

/** This program from its sources. */
export const sourceProgram: Program = {
	command: process.execPath,
	args: [path.resolve(import.meta.dirname, 'muster.ts')],
};

/** A local engine of real processes in a home of its own. */
export type LocalEngine = {
	readonly home: Home;
	/** A new client; the daemon is started where none runs. */
	open(): Promise<Backend>;
	/** The processes of a role: `daemon`, `gateway`, `agent n1`. */
	processes(role: string): ProcessIdentity[];
	/** Every process of every instance, as text that is the same as long as they are. */
	instanceProcesses(): string;
	/** The same once each of three instances has its shell and its command: the second comes a moment after `running`. */
	startedProcesses(): Promise<string>;
	/** Of muster itself. */
	ownProcesses(): ProcessIdentity[];
	/** Ends everything and removes the home; throws when a process is left. */
	end(): Promise<void>;
};

/** `below`: the home is a folder of that name in the one that is made for it. */
export function localEngine(below = ''): LocalEngine {
	const made = mkdtempSync(path.join(tmpdir(), 'muster-engine-'));
	const root = path.join(made, below);
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	const open: Backend[] = [];
	const processes = (role: string) => findRoleProcesses(root, role.split(' '));
	const instanceProcesses = () =>
		findInstanceProcesses(root)
			.map(({pid, startTime}) => `${pid}@${startTime}`)
			.toSorted()
			.join(' ');
	const ownProcesses = () => ['daemon', 'gateway', 'agent n1', 'agent n2', 'agent n3'].flatMap(processes);
	return {
		home,
		async open() {
			const options = {home, cwd: made, path: process.env.PATH ?? '', autoStart: true, program: sourceProgram};
			const backend = await openLocal(options);
			open.push(backend);
			return backend;
		},
		processes,
		ownProcesses,
		instanceProcesses,
		startedProcesses: () => until(instanceProcesses, found => found.split(' ').length === 6),
		async end() {
			for (const backend of open) {
				backend.close();
			}

			await stopDaemon(home, {all: true, program: sourceProgram}).catch(() => {});
			const left = [...ownProcesses(), ...findInstanceProcesses(root)];
			const lines = left.map(({pid}) => `${pid} ${readCommandLine(pid).join(' ')}`);
			for (const one of left) {
				signalProcess(one, 'SIGKILL');
			}

			rmSync(made, {recursive: true, force: true});
			if (left.length > 0) {
				throw new Error(`left running:\n${lines.join('\n')}`);
			}
		},
	};
}

/** Waits for a condition, looked at often; throws what was found last when the time is over. */
export async function until<T>(
	find: () => T | Promise<T>,
	isRight: (found: T) => boolean = Boolean,
	timeoutMs = 10_000,
): Promise<T> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		const found = await find();
		if (isRight(found)) {
			return found;
		}

		if (performance.now() > deadline) {
			throw new Error(`waited ${timeoutMs} ms, found ${JSON.stringify(found)}`);
		}

		await new Promise(resolve => setTimeout(resolve, 25));
	}
}

export function daemonPid(home: Home): number {
	return (JSON.parse(readFileSync(home.daemonInfo, 'utf8')) as {pid: number}).pid;
}

/** SIGKILL, and the wait until it is gone. */
export async function kill(pid: number | undefined): Promise<void> {
	const identity = pid ? identify(pid) : undefined;
	if (!identity || !signalProcess(identity, 'SIGKILL')) {
		throw new Error(`there is no process ${pid}`);
	}

	await until(() => !isRunning(identity));
}
