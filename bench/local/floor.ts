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
			const env = {PATH: process.env.PATH, PORT: String(port)};
			const child = spawn(program, args, {stdio: 'ignore', detached: true, env});
			children.push(child);
			answers.push(answering(child, port, path));
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

/** Resolves when the path answers with 200; rejects when who should answer has ended: its port may have been taken. */
async function answering(child: ChildProcess, port: number, path: string): Promise<void> {
	for (;;) {
		if (await ask(port, path)) {
			return;
		}

		if (child.exitCode !== null || child.signalCode !== null) {
			throw new Error(`What should answer on port ${port} has ended: ${child.exitCode ?? child.signalCode}`);
		}

		await new Promise(resolve => setTimeout(resolve, 20));
	}
}

const askTimeoutMs = 5000;

function ask(port: number, path: string): Promise<boolean> {
	return new Promise(resolve => {
		let head = '';
		const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
		// Who connects while nobody listens may get the port itself as its own, and then waits for its own answer.
		socket.setTimeout(askTimeoutMs, () => socket.destroy());
		socket.setEncoding('utf8').on('data', text => {
			head += text;
		});
		socket.on('error', () => resolve(false));
		socket.on('close', () => resolve(/^HTTP\/1\.\d 200/.test(head)));
	});
}

function end(child: ChildProcess): Promise<unknown> {
	const ended = new Promise(resolve => child.on('exit', resolve));
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
		return Promise.resolve();
	}

	// With what it has started: each leads its group.
	process.kill(-child.pid, 'SIGKILL');
	return ended;
}
