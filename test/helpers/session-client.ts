import {connect, type Socket} from 'node:net';
import type {SessionAnswer, SessionRequest} from '../../source/backends/local/protocol.ts';
import {encodeFrame, frameDecoder, type SessionFrame} from '../../source/backends/local/session-frames.ts';

/** A client on an agent's own socket, as the daemon speaks there for its clients. */
export type SessionClient = {
	readonly answer: SessionAnswer;
	readonly stdout: string;
	readonly stderr: string;
	/** Undefined while it runs. */
	readonly exit: number | undefined;
	readonly isClosed: boolean;
	readonly socket: Socket;
	send(frame: SessionFrame): void;
	type(text: string): void;
	close(): void;
};

export async function openSession(socketPath: string, request: SessionRequest): Promise<SessionClient> {
	const socket = connect(socketPath);
	const decode = frameDecoder();
	const answered = Promise.withResolvers<SessionAnswer>();
	const output = {stdout: '', stderr: ''};
	let exit: number | undefined;
	let isClosed = false;
	let line: Buffer | undefined = Buffer.alloc(0);
	const take = (data: Uint8Array) => {
		for (const frame of decode(data)) {
			if (frame.type === 'stdout' || frame.type === 'stderr') output[frame.type] += Buffer.from(frame.data).toString();
			else if (frame.type === 'exit') exit = frame.code;
		}
	};

	socket.on('data', data => {
		if (!line) {
			take(data);
			return;
		}

		line = Buffer.concat([line, data]);
		const end = line.indexOf(10);
		if (end >= 0) {
			const rest = line.subarray(end + 1);
			answered.resolve(JSON.parse(line.toString('utf8', 0, end)));
			line = undefined;
			take(rest);
		}
	});
	socket.on('error', answered.reject);
	socket.on('close', () => {
		isClosed = true;
	});
	socket.write(`${JSON.stringify(request)}\n`);
	const answer = await answered.promise;
	const send = (frame: SessionFrame) => socket.write(encodeFrame(frame));
	return {
		answer,
		socket,
		get stdout() {
			return output.stdout;
		},
		get stderr() {
			return output.stderr;
		},
		get exit() {
			return exit;
		},
		get isClosed() {
			return isClosed;
		},
		send,
		type: text => send({type: 'stdin', data: Buffer.from(text)}),
		close: () => socket.destroy(),
	};
}
