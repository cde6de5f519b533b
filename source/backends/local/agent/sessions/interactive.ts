import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import type {Environment} from '../environment.ts';
import type {User} from '../program.ts';
import {openTerminal} from './terminal.ts';

/** A process that is talked with: through a terminal of its own, or through pipes. */
export type Interactive = {
	readonly pid: number;
	/** False: enough for now, wait for `drained`. */
	write(data: Uint8Array): boolean;
	/** No more input. */
	end(): void;
	/** Nothing without a terminal. */
	resize(columns: number, rows: number): void;
	/** No output until `resume`. */
	pause(): void;
	resume(): void;
};

export type InteractiveEvents = {
	readonly output: (stream: 'stdout' | 'stderr', data: Buffer) => void;
	readonly drained: () => void;
	/** Once, after the last output. 128 + N after signal N. */
	readonly exit: (code: number) => void;
};

export type InteractiveOptions = {
	/** The first word is the path of an executable. */
	readonly command: readonly string[];
	readonly environment: Environment;
	readonly workdir: string;
	readonly user?: User;
	readonly tty: boolean;
	/** Without a terminal: false gives it an input that is at its end. */
	readonly stdin: boolean;
	readonly size?: {readonly columns: number; readonly rows: number};
	/** In a process group of its own; with a terminal always. */
	readonly ownGroup: boolean;
};

/** What is left of the output when the process has ended; a child of its that holds it open is not waited for. */
const lastOutputMs = 250;

/** Throws a ClusterError or the system's error when it cannot be started. */
export function openInteractive(options: InteractiveOptions, events: InteractiveEvents): Promise<Interactive> {
	return options.tty ? openTerminal(options, events) : openPipes(options, events);
}

function openPipes(options: InteractiveOptions, events: InteractiveEvents): Promise<Interactive> {
	const {command, environment, workdir, user, stdin, ownGroup} = options;
	const [file = '', ...args] = command;
	const child = spawn(file, args, {
		cwd: workdir,
		env: environment,
		detached: ownGroup,
		stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
		...(user && {uid: user.uid, gid: user.gid}),
	});
	const {pid} = child;
	if (pid === undefined) {
		return new Promise((_, reject) => child.once('error', reject));
	}

	child.stdout?.on('data', (data: Buffer) => events.output('stdout', data));
	child.stderr?.on('data', (data: Buffer) => events.output('stderr', data));
	child.stdin?.on('drain', events.drained);
	// It does not listen any more: what is written goes nowhere.
	child.stdin?.on('error', events.drained);
	child.once('exit', (exitCode, signal) => {
		const code = exitCode ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 0);
		let isTold = false;
		const tell = () => {
			if (!isTold) {
				isTold = true;
				events.exit(code);
			}
		};

		child.once('close', tell);
		setTimeout(tell, lastOutputMs);
	});
	return Promise.resolve({
		pid,
		write: data => !child.stdin?.writable || child.stdin.write(data),
		end: () => child.stdin?.end(),
		resize: () => {},
		pause() {
			child.stdout?.pause();
			child.stderr?.pause();
		},
		resume() {
			child.stdout?.resume();
			child.stderr?.resume();
		},
	});
}
