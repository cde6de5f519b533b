import type {Socket} from 'node:net';
import {encodeFrame, frameDecoder, type SessionFrame} from '../../session-frames.ts';
import type {Interactive} from './interactive.ts';

/** One who is that far behind with reading is sent away, so that nobody has to wait for him. */
const maxBehindBytes = 4 * 2 ** 20;

export type Sink = {
	send(frame: SessionFrame): void;
	/** False: much is on its way already. */
	readonly isClear: boolean;
	/** No more frames. */
	end(): void;
};

export function sinkOf(socket: Socket): Sink {
	return {
		send(frame) {
			if (socket.writable) {
				socket.write(encodeFrame(frame));
				if (socket.writableLength > maxBehindBytes) {
					socket.destroy();
				}
			}
		},
		get isClear() {
			return !socket.writableNeedDrain;
		},
		end: () => socket.end(),
	};
}

/** What a client sends goes to the process, no faster than that takes it. The answer lets more through. */
export function feed(socket: Socket, head: Uint8Array, target: () => Interactive | undefined): () => void {
	const decode = frameDecoder();
	const take = (bytes: Uint8Array) => {
		try {
			for (const frame of decode(bytes)) {
				apply(frame, target());
			}
		} catch {
			socket.destroy();
		}
	};

	const apply = (frame: SessionFrame, process: Interactive | undefined) => {
		if (frame.type === 'stdin' && process?.write(frame.data) === false) {
			socket.pause();
		} else if (frame.type === 'end') {
			process?.end();
		} else if (frame.type === 'resize') {
			process?.resize(frame.columns, frame.rows);
		}
	};

	socket.on('data', take);
	take(head);
	socket.resume();
	return () => socket.resume();
}
