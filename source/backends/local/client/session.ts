import {once} from 'node:events';
import type {Socket} from 'node:net';
import type {Session} from '../../../core/backend.ts';
import {encodeFrame, frameDecoder, type SessionFrame} from '../session-frames.ts';
import type {Upgraded} from '../upgrade.ts';

type Output = {readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array};

/** A session over an open connection. Output waits in the connection until it is taken. */
export function sessionOver({socket, head}: Upgraded): Session {
	const exit = Promise.withResolvers<number | undefined>();
	const send = (frame: SessionFrame) => {
		if (socket.writable) {
			socket.write(encodeFrame(frame));
		}
	};

	let isRead = false;
	socket.on('error', () => socket.destroy());
	// Where nobody takes the output there is no word of an end to wait for.
	socket.once('close', () => isRead || exit.resolve(undefined));
	return {
		output: readOutput(),
		write: data => send({type: 'stdin', data}),
		async drained() {
			while (socket.writableNeedDrain && !socket.destroyed) {
				await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
			}
		},
		end: () => send({type: 'end'}),
		resize: (columns, rows) => send({type: 'resize', columns, rows}),
		exit: exit.promise,
		close: () => socket.destroy(),
	};

	async function* readOutput(): AsyncGenerator<Output> {
		const decode = frameDecoder();
		isRead = true;
		try {
			yield* take(decode(head));
			for await (const bytes of received(socket)) {
				yield* take(decode(bytes));
			}
		} catch {
			// The connection broke: `exit` tells that nobody knows how it ended.
		} finally {
			socket.destroy();
			exit.resolve(undefined);
		}
	}

	function* take(frames: readonly SessionFrame[]): Generator<Output> {
		for (const frame of frames) {
			if (frame.type === 'stdout' || frame.type === 'stderr') {
				yield {stream: frame.type, data: frame.data};
			} else if (frame.type === 'exit') {
				exit.resolve(frame.code);
			}
		}
	}
}

/**
 * All that arrives, piece by piece, also what had arrived when the connection broke: the other side may end before it has read
 * what was sent to it, and a stream that is destroyed gives away nothing more.
 */
async function* received(socket: Socket): AsyncGenerator<Buffer> {
	const waiting: Buffer[] = [];
	let isOver = socket.destroyed;
	let wake = () => {};
	socket.on('data', (bytes: Buffer) => {
		waiting.push(bytes);
		socket.pause();
		wake();
	});
	socket.once('close', () => {
		isOver = true;
		wake();
	});
	for (;;) {
		const bytes = waiting.shift();
		if (bytes !== undefined) {
			yield bytes;
			continue;
		}

		if (isOver) {
			return;
		}

		await new Promise<void>(resolve => {
			wake = resolve;
			socket.resume();
		});
	}
}
