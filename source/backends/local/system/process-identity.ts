import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';

/**
 * One process for all time: a pid is used again, pid + start time + boot is not. The only module that asks the operating
 * system about processes; Linux by /proc, elsewhere by `ps`.
 */
export type ProcessIdentity = {
	readonly pid: number;
	/** As the system tells it: only compared. Linux: clock ticks since the boot. */
	readonly startTime: number;
	readonly bootId: string;
};

export type ProcessEntry = {
	readonly pid: number;
	readonly startTime: number;
	/** Ended, and not yet reaped: dead for every purpose, though its pid and start time are still there. */
	readonly isZombie: boolean;
};

const isLinux = process.platform === 'linux';

let knownBootId: string | undefined;

/** Changes with each boot of the machine. */
export function bootId(): string {
	knownBootId ??= isLinux
		? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
		: execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], {encoding: 'utf8'}).trim();
	return knownBootId;
}

/** Of what was read from a file. */
export function isProcessIdentity(value: unknown): value is ProcessIdentity {
	const {pid, startTime, bootId: boot} = (value ?? {}) as Partial<ProcessIdentity>;
	return Number.isSafeInteger(pid) && Number.isSafeInteger(startTime) && typeof boot === 'string';
}

/** Undefined when there is no such process, or only its zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
	const entry = readProcess(pid);
	return entry && !entry.isZombie ? {pid, startTime: entry.startTime, bootId: bootId()} : undefined;
}

/** Runs still: the same process, and not its zombie. */
export function isRunning({pid, startTime, bootId: boot}: ProcessIdentity): boolean {
	return boot === bootId() && identify(pid)?.startTime === startTime;
}

/** Signals that process and no other; false when it is gone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
	return isRunning(identity) && send(identity.pid, signal);
}

/** Signals the process group that this process leads; false when the leader is gone. */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
	return isRunning(identity) && send(-identity.pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
	try {
		process.kill(pid, signal);
		return true;
	} catch {
		return false;
	}
}

export function readProcess(pid: number): ProcessEntry | undefined {
	try {
		return isLinux
			? parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
			: parsePs(execFileSync('ps', ['-o', psColumns, '-p', String(pid)], {encoding: 'utf8', stdio: 'pipe'}));
	} catch {
		return undefined;
	}
}

/** Of every process of the machine that can be seen. */
export function listPids(): number[] {
	const names = isLinux
		? readdirSync('/proc').filter(name => /^\d+$/.test(name))
		: execFileSync('ps', ['-ax', '-o', 'pid='], {encoding: 'utf8'}).trim().split('\n');
	return names.map(Number);
}

/** The environment that a process was started with; undefined when it is gone or another user's. */
export function readEnvironment(pid: number): Readonly<Record<string, string>> | undefined {
	try {
		const pairs = isLinux
			? readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
			: execFileSync('ps', ['-Eww', '-o', 'command=', '-p', String(pid)], {encoding: 'utf8'})
					.trim()
					.split(' ');
		return Object.fromEntries(
			pairs
				.filter(pair => pair.includes('='))
				.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
		);
	} catch {
		return undefined;
	}
}

/** The words that a process was started with; empty when it is gone. */
export function readCommandLine(pid: number): readonly string[] {
	try {
		return isLinux
			? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
			: execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {encoding: 'utf8'})
					.trim()
					.split(' ');
	} catch {
		return [];
	}
}

/**
 * `PID (COMMAND) STATE …`, where COMMAND may hold blanks and brackets; field 20 is the number of threads, 22 the start time. A
 * process whose first thread is a zombie while others are still ending has its files and sockets open: it is none yet.
 */
export function parseStat(text: string): ProcessEntry | undefined {
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const [state] = fields;
	const threads = Number(fields[17]);
	const startTime = Number(fields[19]);
	return Number.isSafeInteger(startTime)
		? {
				pid: Number.parseInt(text, 10),
				startTime,
				isZombie: state === 'X' || (state === 'Z' && threads <= 1),
			}
		: undefined;
}

const psColumns = 'pid=,stat=,lstart=';

function parsePs(line: string): ProcessEntry | undefined {
	const [, pid, state, started] = /^\s*(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
	return pid === undefined || started === undefined
		? undefined
		: {
				pid: Number(pid),
				startTime: Date.parse(started),
				isZombie: state?.startsWith('Z') ?? false,
			};
}
