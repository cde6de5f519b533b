import {once} from 'node:events';
import type {Session} from '../../core/backend.ts';
import {encodeFrame, frameDecoder, type SessionFrame} from './session-frames.ts';
import type {Upgraded} from './upgrade.ts';

type Output = {readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array};

/** A session over an open connection. Output waits in the connection until it is taken. */
export function sessionOver({socket, head}: Upgraded): Session {
	const exit = Promise.withResolvers<number | undefined>();
	const send = (frame: SessionFrame) => {
		if (socket.writable) {
			socket.write(encodeFrame(frame));
		}
	};

	socket.on('error', () => socket.destroy());
	socket.once('close', () => exit.resolve(undefined));
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
		try {
			yield* take(decode(head));
			for await (const bytes of socket as AsyncIterable<Buffer>) {
				yield* take(decode(bytes));
			}
		} catch {
			// The connection broke: `exit` tells that nobody knows how it ended.
		} finally {
			socket.destroy();
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
