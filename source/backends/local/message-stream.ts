import type {Socket} from 'node:net';
import {StringDecoder} from 'node:string_decoder';

/** A message that is longer, or a peer so far behind, is a fault: the connection ends. */
const maxMessageBytes = 16 * 2 ** 20;
const maxBehindBytes = 64 * 2 ** 20;

/** Messages both ways over one connection: a line of JSON each. */
export type MessageStream<Out> = {
	send(message: Out): void;
	/** No more messages; those sent before still go out. */
	end(): void;
	/** Ends at once. */
	destroy(): void;
};

export type MessageHandlers<In> = {
	message(message: In): void;
	/** Called once; with the fault if there was one. */
	ended(error?: Error): void;
};

/** Speaks on `socket` from now on; `head` is what came before this was called. What arrives is parsed, not checked. */
export function messageStream<In, Out>(
	socket: Socket,
	head: Uint8Array,
	handlers: MessageHandlers<In>,
): MessageStream<Out> {
	let fault: Error | undefined;
	const fail = (error: Error) => {
		fault ??= error;
		socket.destroy();
	};

	let arrived: In[] = [];
	const read = lineReader(line => arrived.push(JSON.parse(line) as In));
	const take = (data: Uint8Array) => {
		try {
			read(data);
		} catch (error) {
			fail(error as Error);
		}

		// Outside of the try: what a handler throws is a fault of this program, not of the connection.
		const messages = arrived;
		arrived = [];
		for (const message of messages) {
			handlers.message(message);
		}
	};

	socket.setNoDelay?.(true);
	socket.on('data', take);
	socket.on('error', fail);
	socket.once('end', () => socket.end());
	socket.once('close', () => handlers.ended(fault));
	if (head.length > 0) {
		queueMicrotask(() => take(head));
	}

	return {
		send(message) {
			if (socket.writable) {
				socket.write(`${JSON.stringify(message)}\n`);
				if (socket.writableLength > maxBehindBytes) {
					fail(new Error('the other side does not read'));
				}
			}
		},
		end: () => socket.end(),
		destroy: () => socket.destroy(),
	};
}

/** Cuts what arrives into lines; throws when one is too long, or when `each` does. */
export function lineReader(each: (line: string) => void): (data: Uint8Array) => void {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	return data => {
		const lines = decoder.write(data as Buffer).split('\n');
		lines[0] = rest + lines[0];
		rest = lines.pop() ?? '';
		if (rest.length > maxMessageBytes) {
			throw new Error(`a message of more than ${maxMessageBytes} bytes`);
		}

		for (const line of lines) {
			if (line !== '') {
				each(line);
			}
		}
	};
}
