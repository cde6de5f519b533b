import type {Socket} from 'node:net';

const maxLineBytes = 2 ** 20;
const timeoutMs = 10_000;
const lineFeed = 0x0a;

/** The first line that comes, and what came behind it; the connection is left paused. Throws when none comes in time. */
export function readLine(socket: Socket): Promise<{readonly line: string; readonly rest: Uint8Array}> {
	const {promise, resolve, reject} = Promise.withResolvers<{line: string; rest: Uint8Array}>();
	let arrived: Buffer = Buffer.alloc(0);
	const over = () => {
		clearTimeout(timer);
		socket.pause();
		socket.off('data', take);
		socket.off('close', closed);
	};

	const closed = () => {
		over();
		reject(new Error('the connection was closed before a request came'));
	};

	const take = (data: Buffer) => {
		arrived = Buffer.concat([arrived, data]);
		const end = arrived.indexOf(lineFeed);
		if (end >= 0) {
			over();
			resolve({line: arrived.toString('utf8', 0, end), rest: arrived.subarray(end + 1)});
		} else if (arrived.length > maxLineBytes) {
			over();
			reject(new Error(`a request of more than ${maxLineBytes} bytes`));
		}
	};

	const timer = setTimeout(() => {
		over();
		reject(new Error('no request came'));
	}, timeoutMs);
	socket.on('data', take);
	socket.once('close', closed);
	socket.resume();
	return promise;
}
