import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import type {Interactive, InteractiveEvents, InteractiveOptions} from './interactive.ts';
import {openTerminal} from './terminal.ts';

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
