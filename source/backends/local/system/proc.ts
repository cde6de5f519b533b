import {execFileSync, spawnSync} from 'node:child_process';
import {closeSync, openSync, readdirSync, readFileSync, readSync} from 'node:fs';

/**
 * Many processes at once: what they use, and to which instance they belong. Linux by /proc, elsewhere by one `ps`. Who a
 * single process is, is asked of process-identity.ts.
 */
export type ProcessUse = {
	readonly pid: number;
	readonly parent: number;
	readonly session: number;
	/** Of its own, and of its children that have ended. */
	readonly cpuMs: number;
	readonly memoryBytes: number;
};

/** A living process that carries an instance's id. */
export type InstanceProcess = {
	readonly pid: number;
	readonly group: number;
	readonly session: number;
	readonly instanceId: string;
	/** An exec session or a health check, and not of the instance itself. */
	readonly isVisitor: boolean;
};

/** In the environment of what an agent runs within an instance; its value is the agent's pid. */
export const visitorVariable = 'MUSTER_VISITOR';

const isLinux = process.platform === 'linux';
/** So many are looked at before others have their turn. */
const chunk = 64;
const clockTickMs = 10;
/** TCP_LISTEN. */
const listening = '0A';
let pageBytes: number | undefined;
/** The longest environment that the kernel takes is 2 MiB; what names an instance comes first. */
let buffer: Buffer | undefined;

/** Every process of the machine. Yields to the event loop as it goes. */
export async function readProcesses(): Promise<ProcessUse[]> {
	if (!isLinux) {
		return ps('pid=,ppid=,sess=,time=,rss=').flatMap(parsePsUse);
	}

	const found: ProcessUse[] = [];
	await eachPid(pid => {
		const use = parseUse(readProc(`/proc/${pid}/stat`)?.toString('latin1'));
		if (use) {
			found.push(use);
		}
	});
	return found;
}

export type MemberQuery = {
	/** MUSTER_HOME that they carry. */
	readonly root: string;
	readonly instanceIds: ReadonlySet<string> | 'all';
	/** Also what is in these process groups and carries nothing, as of the instance given for the group. */
	readonly groups?: ReadonlyMap<number, string>;
};

/**
 * Visits the living processes of instances, found by what they inherited, each right after it was looked at. Yields to the
 * event loop as it goes.
 */
export async function eachMember(query: MemberQuery, visit: (found: InstanceProcess) => void): Promise<void> {
	if (isLinux) {
		await eachPid(pid => {
			const found = asMember(query, pid, parseEnvironment(readProc(`/proc/${pid}/environ`)), () => readPlace(pid));
			if (found) {
				visit(found);
			}
		});
		return;
	}

	for (const line of ps('pid=,pgid=,sess=,stat=,command=', ['-Eww'])) {
		const [, pid, group, session, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
		const place = {group: Number(group), session: Number(session), isZombie: state?.startsWith('Z') ?? false};
		const environment = parseEnvironment(Buffer.from(command.replaceAll(' ', '\0')));
		const found = asMember(query, Number(pid), environment, () => place);
		if (found) {
			visit(found);
		}
	}
}

function asMember(
	{root, instanceIds, groups}: MemberQuery,
	pid: number,
	{home, instanceId: carried, isVisitor}: Environment,
	place: () => Place | undefined,
): InstanceProcess | undefined {
	const isAsked = carried !== undefined && home === root && (instanceIds === 'all' || instanceIds.has(carried));
	if (!isAsked && !groups?.size) {
		return undefined;
	}

	const at = place();
	const instanceId = isAsked ? carried : groups?.get(at?.group ?? 0);
	return at && instanceId !== undefined && !at.isZombie
		? {pid, group: at.group, session: at.session, instanceId, isVisitor}
		: undefined;
}

/** The processes that this one, of a single thread, has started and that still run. */
export function childrenOf(pid: number): number[] {
	if (isLinux) {
		const text = readProc(`/proc/${pid}/task/${pid}/children`)?.toString('latin1');
		return text?.split(' ').map(Number).filter(Boolean) ?? [];
	}

	const {stdout} = spawnSync('pgrep', ['-P', String(pid)], {encoding: 'utf8'});
	return stdout?.split('\n').map(Number).filter(Boolean) ?? [];
}

/** Whether a process has a handler for a signal of this number; false where the system does not tell. */
export function catchesSignal(pid: number, signal: number): boolean {
	const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readProc(`/proc/${pid}/status`)?.toString('latin1') ?? '')?.[1] ?? '0';
	return ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** The ports of this machine that somebody listens on (TCP); undefined where the system does not tell. */
export function listeningPorts(): Set<number> | undefined {
	if (!isLinux) {
		return undefined;
	}

	const ports = new Set<number>();
	for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
		readListening(table, ports);
	}

	return ports;
}

/** Who listens stands first in the table; what comes then may be long, and is not read. */
function readListening(table: string, ports: Set<number>): void {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(table, 'r');
		let rest = '';
		for (let text = readText(descriptor); text !== ''; text = readText(descriptor)) {
			const lines = (rest + text).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) {
				const [, port, state] = /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
				if (port !== undefined && state === listening) {
					ports.add(Number.parseInt(port, 16));
				} else if (state !== undefined) {
					return;
				}
			}
		}
	} catch {
		// No such table: no such protocol.
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}

function readText(descriptor: number): string {
	const bytes = sharedBuffer();
	return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, 4096, null));
}

/** Its share of memory, where pages that several have are divided between them; undefined when it cannot be told. */
export function proportionalBytes(pid: number): number | undefined {
	const [, kilobytes] =
		/^Pss:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/smaps_rollup`)?.toString('latin1') ?? '') ?? [];
	return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

type Environment = {readonly home?: string; readonly instanceId?: string; readonly isVisitor: boolean};
type Place = {readonly group: number; readonly session: number; readonly isZombie: boolean};

async function eachPid(visit: (pid: number) => void): Promise<void> {
	const pids = readdirSync('/proc').map(Number).filter(Boolean);
	for (let start = 0; start < pids.length; start += chunk) {
		if (start > 0) {
			await new Promise(setImmediate);
		}

		for (const pid of pids.slice(start, start + chunk)) {
			if (pid !== process.pid) {
				visit(pid);
			}
		}
	}
}

/** Valid until the next call; undefined when the process is gone, or another user's. */
function readProc(file: string): Buffer | undefined {
	const bytes = sharedBuffer();
	let descriptor: number | undefined;
	try {
		descriptor = openSync(file, 'r');
		return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
	} catch {
		return undefined;
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}

function sharedBuffer(): Buffer {
	buffer ??= Buffer.allocUnsafeSlow(256 * 1024);
	return buffer;
}

function parseEnvironment(block: Buffer | undefined): Environment {
	const instanceId = block && variable(block, 'MUSTER_INSTANCE');
	return block && instanceId !== undefined
		? {instanceId, home: variable(block, 'MUSTER_HOME'), isVisitor: variable(block, visitorVariable) !== undefined}
		: {isVisitor: false};
}

function variable(block: Buffer, name: string): string | undefined {
	const head = `${name}=`;
	const found = block.indexOf(`\0${head}`, 0, 'latin1');
	const start = found >= 0 ? found + 1 : block.toString('latin1', 0, head.length) === head ? 0 : -1;
	if (start < 0) {
		return undefined;
	}

	const end = block.indexOf(0, start);
	return block.toString('utf8', start + head.length, end < 0 ? block.length : end);
}

function readPlace(pid: number): Place | undefined {
	const fields = statFields(readProc(`/proc/${pid}/stat`)?.toString('latin1'));
	return fields && {group: Number(fields[2]), session: Number(fields[3]), isZombie: /[ZX]/.test(fields[0] ?? '')};
}

/** From the third on: what stands before may hold blanks and brackets. */
function statFields(text: string | undefined): string[] | undefined {
	return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function parseUse(text: string | undefined): ProcessUse | undefined {
	const fields = statFields(text);
	if (!text || !fields || /[ZX]/.test(fields[0] ?? '')) {
		return undefined;
	}

	pageBytes ??= readPageBytes();
	const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
	return {
		pid: Number.parseInt(text, 10),
		parent: Number(fields[1]),
		session: Number(fields[3]),
		cpuMs: ticks * clockTickMs,
		memoryBytes: Number(fields[21]) * pageBytes,
	};
}

/** The kernel tells this process's memory in pages and in kB. */
function readPageBytes(): number {
	const pages = Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[0]);
	const [, kilobytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
	return 2 ** Math.round(Math.log2((Number(kilobytes) * 1024) / pages)) || 4096;
}

function ps(columns: string, options: readonly string[] = []): string[] {
	const maxBuffer = 64 * 2 ** 20;
	return execFileSync('ps', ['-ax', ...options, '-o', columns], {encoding: 'utf8', maxBuffer}).split('\n');
}

function parsePsUse(line: string): ProcessUse[] {
	const [, pid, parent, session, time = '', kilobytes] =
		/^\s*(\d+)\s+(\d+)\s+(\S+)\s+([\d:.]+)\s+(\d+)\s*$/.exec(line) ?? [];
	const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
	return pid === undefined
		? []
		: [
				{
					pid: Number(pid),
					parent: Number(parent),
					session: Number(session),
					cpuMs: seconds * 1000,
					memoryBytes: Number(kilobytes) * 1024,
				},
			];
}
