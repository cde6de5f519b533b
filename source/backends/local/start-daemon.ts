import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process';
import {closeSync, existsSync, openSync, readFileSync, rmSync, statfsSync, statSync, truncateSync} from 'node:fs';
import {ClusterError, type ErrorCode, errorCodes} from '../../core/error.ts';
import {type Home, logPath, prepareHome} from './home.ts';

/** Less than its log and its lock take. */
const leastRoomBytes = 64 * 1024;

/** How this program is started: its roles are the first argument after these. */
export type Program = {readonly command: string; readonly args: readonly string[]};

export type StartOptions = {
	/** A command of the user's: also after `daemon stop`. Else nothing is started while that holds. */
	readonly byUser: boolean;
	/** Default: as this process was started. */
	readonly program?: Program;
	readonly timeoutMs?: number;
	/** `stopped` stays until that daemon runs, so that nobody else starts another meanwhile. */
	readonly upgrade?: boolean;
};

const maxLogBytes = 5 * 2 ** 20;
const pollMs = 15;
const startAgainMs = 1000;
const maxHeadStartMs = 250;

export function ownProgram(): Program {
	const [, script = ''] = process.argv;
	return {command: process.execPath, args: [script]};
}

/**
 * Starts the daemon and waits until it answers; of several started at once one stays. False: it was stopped on purpose.
 * Throws what the daemon said of why it cannot start, or `unreachable`.
 */
export async function startDaemon(home: Home, options: StartOptions): Promise<boolean> {
	const {
		byUser,
		program = (options.byUser ? undefined : lastProgram(home)) ?? ownProgram(),
		timeoutMs = 15_000,
		upgrade = false,
	} = options;
	const env: Record<string, string> = upgrade ? {MUSTER_UPGRADE: '1'} : {};
	if (byUser) {
		prepareHome(home);
	} else {
		// Several notice at the same time that the daemon is gone; mostly one of them starts it then.
		await pause(Math.random() * maxHeadStartMs);
	}

	const deadlineMs = performance.now() + timeoutMs;
	let start: Start | undefined;
	while (performance.now() < deadlineMs) {
		if (await answers(home)) {
			return true;
		}

		if (upgrade) {
			// That daemon removes it.
		} else if (byUser) {
			rmSync(home.stopped, {force: true});
		} else if (existsSync(home.stopped)) {
			return false;
		}

		if (start === undefined || isOver(home, start)) {
			start = {child: startRole(home, program, ['daemon'], 'daemon', env), atMs: performance.now()};
		}

		await pause(pollMs);
	}

	throw new ClusterError('unreachable', `the daemon does not answer on ${home.socket}`, {
		hint: `See ${logPath(home, 'daemon')}.`,
	});
}

/** Of the daemon that ran last and did not end as it was asked to: whoever starts it again may be of an older version. */
export function lastProgram(home: Home): Program | undefined {
	try {
		const {program} = JSON.parse(readFileSync(home.daemonInfo, 'utf8')) as {program?: Partial<Program>};
		const {command, args} = program ?? {};
		const isThere =
			typeof command === 'string' && Array.isArray(args) && [command, args.at(-1) ?? ''].every(existsSync);
		return isThere ? {command, args: args.map(String)} : undefined;
	} catch {
		return undefined;
	}
}

type Start = {readonly child: ChildProcess; readonly atMs: number};

/**
 * One that found another daemon ends with 0: that one will answer in a moment, or was just ending. Throws what a daemon
 * that could not start has said.
 */
function isOver(home: Home, {child, atMs}: Start): boolean {
	const {exitCode, signalCode} = child;
	if (signalCode !== null || (exitCode !== null && exitCode !== 0)) {
		throw startError(home, child.pid, signalCode ?? `exit status ${exitCode}`);
	}

	return exitCode === 0 && performance.now() - atMs > startAgainMs;
}

function pause(ms: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, ms));
}

/**
 * For V8, all of muster's own processes. What a start of many instances runs through is compiled sooner, which spares daemon and
 * agents some 5 % of the time and costs each 1 MB. And what is young goes often: with V8's own measure what a change leaves behind
 * grows old meanwhile, and is held until a lot of it is tidied. Under churn the daemon held 60 to 190 MB, and holds 47 to 65, agents
 * and gateway 40 to 60, and hold 24 to 32; writes and the gateway's requests take as long.
 */
const engineFlags = ['--no-lazy-feedback-allocation', '--max-semi-space-size=2'];
/** What is old is tidied from so many MB on, which V8 would wait longer for; of an agent or a gateway 6 are in use. */
const smallFlags = ['--initial-old-space-size=16'];

/** What starts one of muster's own processes. */
export function roleCommand({command, args}: Program, role: readonly string[]): readonly string[] {
	return [command, ...engineFlags, ...(role[0] === 'daemon' ? [] : smallFlags), ...args, ...role];
}

/**
 * Starts one of muster's own processes, which outlives this one: in a session of its own, its output in its log. `handed`: what it has
 * as its descriptors from 3 on.
 */
export function startRole(
	home: Home,
	program: Program,
	role: readonly string[],
	logName: string,
	env: Readonly<Record<string, string>> = {},
	handed: ReadonlyArray<number | 'ipc'> = [],
) {
	const file = logPath(home, logName);
	boundLog(file);
	const log = openSync(file, 'a', 0o600);
	try {
		const [command = '', ...args] = roleCommand(program, role);
		const child = spawn(command, args, {
			cwd: home.state,
			detached: true,
			stdio: ['ignore', log, log, ...handed] as StdioOptions,
			env: {...inherited(), ...env, MUSTER_HOME: home.root},
		});
		// Told by `exit` too; without a listener it would end this process.
		child.on('error', () => {});
		child.unref();
		return child;
	} finally {
		closeSync(log);
	}
}

/** Not what names an instance or a node: whoever is started from within one belongs to none. */
function inherited(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^MUSTER_(?!TEST_)/.test(name)));
}

function boundLog(file: string): void {
	if (existsSync(file) && statSync(file).size > maxLogBytes) {
		truncateSync(file);
	}
}

function answers(home: Home): Promise<boolean> {
	const {connect} = process.getBuiltinModule('node:net');
	return new Promise(resolve => {
		const socket = connect(home.socket);
		const end = (found: boolean) => {
			socket.destroy();
			resolve(found);
		};

		socket.on('connect', () => end(true));
		socket.on('error', () => end(false));
	});
}

/** What the daemon wrote down before it ended; else how it ended, and where more may be. */
function startError(home: Home, pid: number | undefined, how: string): ClusterError {
	try {
		const found = JSON.parse(readFileSync(home.daemonError, 'utf8')) as Record<string, unknown>;
		if (found.pid === pid && typeof found.code === 'string' && found.code in errorCodes) {
			const hint = typeof found.hint === 'string' ? found.hint : undefined;
			return new ClusterError(found.code as ErrorCode, String(found.message), {hint});
		}
	} catch {
		// None was written, or it cannot be read: then how it ended must do.
	}

	if (isFull(home)) {
		return new ClusterError('failed', `the daemon cannot start: there is no room left on the disk of ${home.state}`, {
			hint: 'Nothing was changed. Make room there and try again.',
		});
	}

	return new ClusterError('unreachable', `the daemon ended as it started (${how})`, {
		hint: `See ${logPath(home, 'daemon')}.`,
	});
}

/** So full that it could not even say so. */
function isFull({state}: Home): boolean {
	try {
		const {bavail, bsize} = statfsSync(state);
		return bavail * bsize < leastRoomBytes;
	} catch {
		return false;
	}
}
