import type {Socket} from 'node:net';
import type {Tunnel} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';

/** Bytes over an open connection; `head` has arrived already. What is not taken is not read. */
export function tunnelOver(socket: Socket, head: Uint8Array = new Uint8Array()): Tunnel {
	let broken: Error | undefined;
	let wake = () => {};
	socket.on('error', error => {
		broken = error;
	});
	socket.on('drain', () => wake());
	socket.on('close', () => wake());
	return {
		output: (async function* () {
			try {
				if (head.length > 0) {
					yield head;
				}

				for await (const data of socket.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>) {
					yield data;
				}
			} catch (error) {
				throw connectionBroken(error as Error);
			}
		})(),
		write(data) {
			if (socket.writable) {
				socket.write(data);
			}
		},
		async drained() {
			while (socket.writableNeedDrain && !socket.destroyed && broken === undefined) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		},
		end: () => socket.end(),
		close: () => socket.destroy(),
	};
}

function connectionBroken(cause: Error): ClusterError {
	return new ClusterError('unreachable', `the connection broke: ${cause.message}`, {cause});
}
