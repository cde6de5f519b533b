/**
 * What is spoken in a session (exec, attach) once it is open, both ways: one byte of type, four of length (big endian),
 * then so many bytes. An unknown type, a wrong length, or more than `maxFrameBytes` is a fault.
 */
export type SessionFrame =
	/** Client → instance. */
	| {readonly type: 'stdin'; readonly data: Uint8Array}
	/** Client → instance: no more input. */
	| {readonly type: 'end'}
	/** Client → instance. */
	| {readonly type: 'resize'; readonly columns: number; readonly rows: number}
	/** Instance → client; with a terminal everything is stdout. */
	| {readonly type: 'stdout'; readonly data: Uint8Array}
	| {readonly type: 'stderr'; readonly data: Uint8Array}
	/** Instance → client: it has ended, nothing follows. 128 + N after signal N. */
	| {readonly type: 'exit'; readonly code: number};

/** Larger data is sent as several frames. */
export const maxFrameBytes = 64 * 2 ** 10;

const headerBytes = 5;
const typeBytes = {stdin: 0, stdout: 1, stderr: 2, resize: 3, exit: 4, end: 5} as const;
const types = Object.keys(typeBytes) as ReadonlyArray<SessionFrame['type']>;

/** The bytes of one frame; of several, where its data is larger than one may be. */
export function encodeFrame(frame: SessionFrame): Uint8Array {
	switch (frame.type) {
		case 'end':
			return withHeader(frame.type, new Uint8Array());
		case 'resize': {
			const payload = Buffer.allocUnsafe(4);
			payload.writeUInt16BE(asSize(frame.columns), 0);
			payload.writeUInt16BE(asSize(frame.rows), 2);
			return withHeader(frame.type, payload);
		}
		case 'exit': {
			const payload = Buffer.allocUnsafe(4);
			payload.writeInt32BE(frame.code, 0);
			return withHeader(frame.type, payload);
		}
		default:
			return encodeData(frame.type, frame.data);
	}
}

function encodeData(type: SessionFrame['type'], data: Uint8Array): Uint8Array {
	const parts: Uint8Array[] = [];
	for (let start = 0; start === 0 || start < data.length; start += maxFrameBytes) {
		parts.push(withHeader(type, data.subarray(start, start + maxFrameBytes)));
	}

	return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function withHeader(type: SessionFrame['type'], payload: Uint8Array): Buffer {
	const bytes = Buffer.allocUnsafe(headerBytes + payload.length);
	bytes.writeUInt8(typeBytes[type], 0);
	bytes.writeUInt32BE(payload.length, 1);
	bytes.set(payload, headerBytes);
	return bytes;
}

/** A terminal has 1 to 65535 columns and rows. */
function asSize(size: number): number {
	return Math.min(0xff_ff, Math.max(1, Math.trunc(size) || 1));
}

/** Turns bytes, however they were split on the way, into frames. Throws at the first fault; the session is over then. */
export function frameDecoder(): (bytes: Uint8Array) => SessionFrame[] {
	let rest: Buffer = Buffer.alloc(0);
	return bytes => {
		rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
		const frames: SessionFrame[] = [];
		for (;;) {
			const length = rest.length < headerBytes ? 0 : rest.readUInt32BE(1);
			if (length > maxFrameBytes) {
				throw new Error(`a session frame of ${length} bytes, allowed are ${maxFrameBytes}`);
			}

			if (rest.length < headerBytes + length) {
				return frames;
			}

			frames.push(decode(rest.readUInt8(0), rest.subarray(headerBytes, headerBytes + length)));
			rest = rest.subarray(headerBytes + length);
		}
	};
}

function decode(typeByte: number, payload: Buffer): SessionFrame {
	const type = types[typeByte];
	switch (type) {
		case 'stdin':
		case 'stdout':
		case 'stderr':
			return {type, data: payload};
		case 'end':
			return {type};
		case 'resize':
			checkLength(type, payload, 4);
			return {type, columns: asSize(payload.readUInt16BE(0)), rows: asSize(payload.readUInt16BE(2))};
		case 'exit':
			checkLength(type, payload, 4);
			return {type, code: payload.readInt32BE(0)};
		default:
			throw new Error(`a session frame of unknown type ${typeByte}`);
	}
}

function checkLength(type: string, payload: Uint8Array, length: number): void {
	if (payload.length !== length) {
		throw new Error(`a session frame ${type} of ${payload.length} bytes, expected ${length}`);
	}
}
