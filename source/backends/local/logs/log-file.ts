import {closeSync, fstatSync, openSync, readSync, type Stats} from 'node:fs';

const chunkBytes = 64 * 2 ** 10;
const lineFeed = 0x0a;
let shared: Buffer | undefined;

export type Chunk = {
	/** Valid until the next read. */
	readonly bytes: Buffer;
	readonly stat: Stats;
};

/** Bytes from `position` on, and what the file is now; undefined when there is no such file. */
export function readChunk(file: string, position: number): Chunk | undefined {
	return withFile(file, (descriptor, stat) => {
		shared ??= Buffer.allocUnsafeSlow(chunkBytes);
		return {bytes: shared.subarray(0, readSync(descriptor, shared, 0, chunkBytes, position)), stat};
	});
}

/** Where the last `count` lines begin, and how many there are when they are fewer; a line without its end counts. */
export function lastLines(file: string, count: number): {readonly offset: number; readonly lines: number} {
	const found = withFile(file, (descriptor, {size}) => {
		const buffer = Buffer.allocUnsafe(chunkBytes);
		let lines = 0;
		// The line feed at the very end ends the last line and begins none.
		for (let end = size - 1; end > 0; end -= chunkBytes) {
			const start = Math.max(0, end - chunkBytes);
			const length = readSync(descriptor, buffer, 0, end - start, start);
			for (let at = buffer.lastIndexOf(lineFeed, length - 1); at >= 0 && length > 0; ) {
				lines++;
				if (lines === count) {
					return {offset: start + at + 1, lines};
				}

				at = at === 0 ? -1 : buffer.lastIndexOf(lineFeed, at - 1);
			}
		}

		return {offset: 0, lines: size > 0 ? lines + 1 : 0};
	});
	return found ?? {offset: 0, lines: 0};
}

/** Where the line begins that this offset lies in; not more than a chunk is looked through. */
export function lineStart(file: string, offset: number): number {
	const from = Math.max(0, offset - chunkBytes);
	const before = readChunk(file, from)?.bytes.subarray(0, offset - from);
	const found = before && before.length > 0 ? before.lastIndexOf(lineFeed) : -1;
	return found < 0 ? from : from + found + 1;
}

function withFile<T>(file: string, use: (descriptor: number, stat: Stats) => T): T | undefined {
	let descriptor: number;
	try {
		descriptor = openSync(file, 'r');
	} catch {
		return undefined;
	}

	try {
		return use(descriptor, fstatSync(descriptor));
	} finally {
		closeSync(descriptor);
	}
}
