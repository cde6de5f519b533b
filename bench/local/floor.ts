import {type ChildProcess, spawn} from 'node:child_process';
import {connect} from 'node:net';
import {nowMs} from './home.ts';

/**
 * The floor: a bare loop that spawns the same command so many times side by side and waits until each answers on its
 * port. Answers with the milliseconds from the first spawn to the last answer.
 */
export async function bareLoop(
	command: readonly string[],
	count: number,
	firstPort: number,
	path: string,
): Promise<number> {
	const [program = '', ...args] = command;
	const children: ChildProcess[] = [];
	const startMs = nowMs();
	try {
		const answers: Promise<void>[] = [];
		for (let index = 0; index < count; index++) {
			const port = firstPort + index;
			children.push(
				spawn(program, args, {stdio: 'ignore', detached: true, env: {PATH: process.env.PATH, PORT: String(port)}}),
			);
			answers.push(answering(port, path));
		}

		await Promise.all(answers);
		return nowMs() - startMs;
	} finally {
		await Promise.all(children.map(end));
	}
}

/** The same for a command that has no port: until each has been spawned. */
export async function bareSpawns(command: readonly string[], count: number): Promise<number> {
	const [program = '', ...args] = command;
	const children: ChildProcess[] = [];
	const startMs = nowMs();
	try {
		const spawned: Promise<unknown>[] = [];
		for (let index = 0; index < count; index++) {
			const child = spawn(program, args, {stdio: 'ignore', detached: true, env: {PATH: process.env.PATH}});
			children.push(child);
			spawned.push(new Promise((resolve, reject) => child.on('spawn', resolve).on('error', reject)));
		}

		await Promise.all(spawned);
		return nowMs() - startMs;
	} finally {
		await Promise.all(children.map(end));
	}
}

/** Resolves when the path answers with 200. */
async function answering(port: number, path: string): Promise<void> {
	for (;;) {
		if (await ask(port, path)) {
			return;
		}

		await new Promise(resolve => setTimeout(resolve, 20));
	}
}

function ask(port: number, path: string): Promise<boolean> {
	return new Promise(resolve => {
		let head = '';
		const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
		socket.setEncoding('utf8').on('data', text => {
			head += text;
		});
		socket.on('error', () => resolve(false));
		socket.on('close', () => resolve(/^HTTP\/1\.\d 200/.test(head)));
	});
}

function end(child: ChildProcess): Promise<unknown> {
	const ended = new Promise(resolve => child.on('exit', resolve));
	if (child.exitCode !== null || child.signalCode !== null) {
		return Promise.resolve();
	}

	child.kill('SIGKILL');
	return ended;
}
