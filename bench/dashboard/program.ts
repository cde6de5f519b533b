import {readFileSync} from 'node:fs';
import pty from '@lydell/node-pty';
import {command, nowMs} from '../local/home.ts';

type Expected = string | RegExp | ReadonlyArray<string | RegExp>;

/** The end of a frame: how to get help. */
export const hints = /\? *\S* ?help/;

/** A program in a terminal of 200×50. */
export type Program = {
	/** Resolves when what it writes from now on contains it, or each of them. */
	until(expected: Expected, deadlineMs?: number): Promise<void>;
	write(keys: string): void;
	/** Milliseconds from a key to the frame that contains what is expected. */
	timed(keys: string, expected: Expected): Promise<number>;
	/** All that it has written. */
	readonly bytes: number;
	/** In use by the whole process since its start. */
	cpuMs(): number;
	/** Resident, and the most that it ever was. */
	memory(): {readonly bytes: number; readonly mostBytes: number};
	/** When it has ended. */
	readonly exited: Promise<void>;
	end(): Promise<void>;
};

export function openMuster(folder: string): Program {
	return openProgram(command, [], {MUSTER_HOME: folder});
}

/** With flags, on whatever its environment says. */
export function openMusterOn(args: readonly string[], env: Readonly<Record<string, string>>): Program {
	return openProgram(command, args, env);
}

export function openNode(file: string, ...args: readonly string[]): Program {
	return openProgram(process.execPath, [file, ...args], {});
}

function openProgram(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
	const child = pty.spawn(file, [...args], {
		cols: 200,
		rows: 50,
		name: 'xterm-256color',
		env: {...(process.env as Record<string, string>), ...env},
	});
	let listen: (data: string) => void = () => {};
	let bytes = 0;
	child.onData(data => {
		bytes += data.length;
		listen(data);
	});
	const exited = new Promise<void>(resolve => {
		child.onExit(() => resolve());
	});
	const until = (expected: Expected, deadlineMs = 30_000) =>
		new Promise<void>((resolve, reject) => {
			let seen = '';
			const timer = setTimeout(() => {
				reject(new Error(`not seen: ${expected} in ${JSON.stringify(seen.slice(-1000))}`));
			}, deadlineMs);
			listen = data => {
				seen += data;
				if ([expected].flat().every(one => (typeof one === 'string' ? seen.includes(one) : one.test(seen)))) {
					clearTimeout(timer);
					listen = () => {};
					resolve();
				}
			};
		});
	return {
		until,
		write: keys => child.write(keys),
		async timed(keys, expected) {
			const seen = until(expected);
			const startedMs = nowMs();
			child.write(keys);
			await seen;
			return nowMs() - startedMs;
		},
		get bytes() {
			return bytes;
		},
		cpuMs: () => cpuMs(child.pid),
		memory: () => memory(child.pid),
		exited,
		async end() {
			child.kill('SIGKILL');
			await exited;
		},
	};
}

/** Clock ticks of /proc are hundredths of a second. */
function cpuMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

function memory(pid: number): {bytes: number; mostBytes: number} {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
	return {bytes: kilobytes('VmRSS') * 1024, mostBytes: kilobytes('VmHWM') * 1024};
}

export function pause(ms: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, ms));
}
