import type {Socket} from 'node:net';

/** An answer whose head has arrived; the body can be read once. */
export type HttpAnswer = {
	readonly status: number;
	/** By their names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	/** Throws when the connection ends before the body does. */
	readonly body: AsyncIterable<Buffer>;
};

type Chunks = AsyncIterator<Buffer, undefined>;

const headEnd = '\r\n\r\n';
/** The daemon's heads are some 200 bytes; more is not the daemon. */
const maxHeadBytes = 16_384;

/** The connection ended before anything was said. */
export const noAnswer = 'what listens ends the connection, or does not speak HTTP';

/** Reads an HTTP/1.1 answer from a connection that is used for nothing else. */
export async function readAnswer(socket: Socket): Promise<HttpAnswer> {
	const chunks = socket[Symbol.asyncIterator]() as Chunks;
	let head: Buffer = Buffer.alloc(0);
	while (!head.includes(headEnd)) {
		const {value} = await chunks.next();
		if (value === undefined || head.length > maxHeadBytes) {
			throw new Error(head.length === 0 ? noAnswer : 'what answers does not speak HTTP');
		}

		head = Buffer.concat([head, value]);
	}

	const end = head.indexOf(headEnd);
	const [first = '', ...lines] = head.toString('latin1', 0, end).split('\r\n');
	const headers = new Map(
		lines.map(line => {
			const colon = line.indexOf(':');
			return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
		}),
	);
	const rest = head.subarray(end + headEnd.length);
	return {status: Number(first.split(' ')[1]), headers, body: readBody(rest, chunks, headers)};
}

async function* readBody(
	first: Buffer,
	chunks: Chunks,
	headers: ReadonlyMap<string, string>,
): AsyncGenerator<Buffer, void> {
	const reader = createReader(first, chunks);
	if (headers.get('transfer-encoding') === 'chunked') {
		for (let length = await chunkLength(reader); length > 0; length = await chunkLength(reader)) {
			yield* reader.take(length);
			await reader.line();
		}
	} else {
		yield* reader.take(Number(headers.get('content-length') ?? 0));
	}
}

async function chunkLength(reader: Reader): Promise<number> {
	const length = Number.parseInt(await reader.line(), 16);
	if (Number.isNaN(length)) {
		throw new Error('a broken answer');
	}

	return length;
}

type Reader = {
	/** So many bytes, in the pieces in which they come. */
	take(length: number): AsyncGenerator<Buffer, void>;
	/** Up to the next line break, without it. */
	line(): Promise<string>;
};

function createReader(first: Buffer, chunks: Chunks): Reader {
	let rest = first;
	const more = async () => {
		const {value} = await chunks.next();
		if (value === undefined) {
			throw new Error('the connection ended in the middle of an answer');
		}

		return value;
	};
	return {
		async *take(length) {
			let left = length;
			while (left > 0) {
				const piece = rest.length > 0 ? rest.subarray(0, left) : undefined;
				if (piece === undefined) {
					rest = await more();
				} else {
					rest = rest.subarray(piece.length);
					left -= piece.length;
					yield piece;
				}
			}
		},
		async line() {
			while (!rest.includes('\n')) {
				rest = Buffer.concat([rest, await more()]);
			}

			const end = rest.indexOf('\n');
			const text = rest.toString('latin1', 0, end).trimEnd();
			rest = rest.subarray(end + 1);
			return text;
		},
	};
}
