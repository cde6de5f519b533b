import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

/** Listens, and then does nothing else until a byte comes: whoever connects waits in its queue, which holds two. */
const program = `
	const {createServer} = require('node:http');
	createServer((_, response) => response.end('by socket')).listen({path: process.argv[1], backlog: 1}, () => {
		require('node:fs').writeSync(1, 'listening');
		require('node:fs').readSync(0, Buffer.alloc(1));
	});
`;

/** An HTTP server at a unix socket whose queue of connections is full until it is let go on. */
export async function blockedServer(socketPath: string): Promise<{goOn(): void}> {
	const child = spawn(process.execPath, ['-e', program, socketPath], {stdio: ['pipe', 'pipe', 'inherit']});
	const waiting: Socket[] = [];
	onTestFinished(() => {
		child.kill('SIGKILL');
		for (const socket of waiting) {
			socket.destroy();
		}
	});
	await once(child.stdout, 'data');
	await fill(socketPath, waiting);
	return {goOn: () => letGo(child, waiting)};
}

async function fill(socketPath: string, waiting: Socket[]): Promise<void> {
	for (;;) {
		const socket = connect(socketPath);
		waiting.push(socket);
		try {
			await once(socket, 'connect');
			socket.on('error', () => {});
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
				return;
			}

			throw error;
		}
	}
}

function letGo(child: ChildProcess, waiting: readonly Socket[]): void {
	child.stdin?.write('x');
	for (const socket of waiting) {
		socket.destroy();
	}
}
