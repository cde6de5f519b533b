import {ClusterError} from '../error.ts';

/** One thing in an archive. `data` has to be read, or `skip` called, before the next one. */
export type TarEntry = {
	readonly name: string;
	readonly type: 'file' | 'folder' | 'symlink' | 'hardlink' | 'other';
	/** Permissions: the last twelve bits. */
	readonly mode: number;
	/** Seconds since 1970. */
	readonly modifiedS: number;
	/** Of a file, bytes. */
	readonly size: number;
	/** What a link leads to. */
	readonly target: string;
	/** Who it belongs to, by number; absent: nobody in particular. */
	readonly owner?: {readonly uid: number; readonly gid: number};
};

const block = 512;
/** A name of an archive is longer only where somebody means harm. */
const longestHeaderBytes = 65_536;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const typeFlags = {file: '0', hardlink: '1', symlink: '2', folder: '5', other: '0'} as const;

/** The head of an entry: of a file, its bytes and `tarPadding` follow. What does not fit goes into an extended header. */
export function tarHeader(entry: TarEntry): Uint8Array {
	const {name, target, size} = entry;
	const records = [
		...(isLong(name) ? [['path', name] as const] : []),
		...(isLong(target) ? [['linkpath', target] as const] : []),
		...(size >= 8 ** 11 ? [['size', String(size)] as const] : []),
	];
	if (records.length === 0) {
		return plainHeader(entry, typeFlags[entry.type]);
	}

	const data = encoder.encode(records.map(([key, value]) => paxRecord(key, value)).join(''));
	const extended = {...entry, name: 'extended-header', target: '', size: data.length, mode: 0o600};
	const short = {...entry, name: cut(name), target: cut(target), size: size >= 8 ** 11 ? 0 : size};
	return joined([plainHeader(extended, 'x'), data, tarPadding(data.length), plainHeader(short, typeFlags[entry.type])]);
}

/** What fills a file of that size up to whole blocks. */
export function tarPadding(size: number): Uint8Array {
	return new Uint8Array((block - (size % block)) % block);
}

export const tarEnd: Uint8Array = new Uint8Array(2 * block);

function isLong(text: string): boolean {
	return encoder.encode(text).length > 100;
}

function cut(text: string): string {
	return isLong(text) ? decoder.decode(encoder.encode(text).subarray(0, 96)).replace(/\uFFFD+$/, '') : text;
}

/** Its length stands before it and counts itself. */
function paxRecord(key: string, value: string): string {
	const rest = ` ${key}=${value}\n`;
	const bytes = encoder.encode(rest).length;
	let length = bytes + String(bytes).length;
	if (bytes + String(length).length > length) {
		length++;
	}

	return `${length}${rest}`;
}

function plainHeader({name, mode, size, modifiedS, target, owner}: TarEntry, flag: string): Uint8Array {
	const bytes = new Uint8Array(block);
	const put = (text: string, at: number) => bytes.set(encoder.encode(text), at);
	const octal = (value: number, digits: number) => Math.max(0, Math.floor(value)).toString(8).padStart(digits, '0');
	put(name, 0);
	put(octal(mode % 0o10000, 7), 100);
	put(octal(owner?.uid ?? 0, 7), 108);
	put(octal(owner?.gid ?? 0, 7), 116);
	put(octal(size, 11), 124);
	put(octal(modifiedS, 11), 136);
	put('        ', 148);
	put(flag, 156);
	put(target, 157);
	put('ustar\u000000', 257);
	put(`${octal(sumOf(bytes), 6)}\0 `, 148);
	return bytes;
}

/** By a plain loop: it is most of what a small file costs. */
function sumOf(bytes: Uint8Array): number {
	let sum = 0;
	for (let index = 0; index < bytes.length; index++) {
		sum += bytes[index] ?? 0;
	}

	return sum;
}

export type TarReader = {
	/** The next one; undefined at the end of the archive. */
	next(): Promise<TarEntry | undefined>;
	/** Bytes of the file that `next` has answered with; what is not taken is passed over. */
	data(): AsyncIterable<Uint8Array>;
};

/** Reads an archive as it comes: ustar, with the extended headers of POSIX and the long names of GNU. */
export function readTar(chunks: AsyncIterable<Uint8Array>): TarReader {
	const bytes = byteReader(chunks);
	/** Of the present file, with what fills it up. */
	let left = 0;
	let padding = 0;

	async function skipRest(): Promise<void> {
		for await (const _ of bytes.take(left + padding)) {
			// Nobody wanted it.
		}

		left = 0;
		padding = 0;
	}

	async function text(size: number): Promise<string> {
		if (size > longestHeaderBytes) {
			throw broken('a name in it is too long');
		}

		const data = await bytes.exactly(size);
		await bytes.exactly(tarPadding(size).length);
		return decoder.decode(data);
	}

	async function next(): Promise<TarEntry | undefined> {
		await skipRest();
		let extended: Record<string, string> = {};
		for (;;) {
			const head = await bytes.maybe(block);
			if (head === undefined || (head[0] === 0 && sumOf(head) === 0)) {
				// Whoever writes it may fill up the end: it is read, so that it does not break off.
				await bytes.drain();
				return undefined;
			}

			const {flag, ...entry} = readHeader(head);
			if (flag === 'x') {
				extended = {...extended, ...paxRecords(await text(entry.size))};
			} else if (flag === 'g') {
				await text(entry.size);
			} else if (flag === 'L') {
				extended = {...extended, path: withoutEnd(await text(entry.size))};
			} else if (flag === 'K') {
				extended = {...extended, linkpath: withoutEnd(await text(entry.size))};
			} else {
				const size = Number(extended.size ?? entry.size);
				const hasData = entry.type === 'file' || entry.type === 'other';
				left = hasData ? size : 0;
				padding = tarPadding(left).length;
				return {...entry, size: left, name: extended.path ?? entry.name, target: extended.linkpath ?? entry.target};
			}
		}
	}

	async function* data(): AsyncIterable<Uint8Array> {
		const {length} = tarPadding(left);
		for await (const chunk of bytes.take(left)) {
			left -= chunk.length;
			padding = length;
			yield chunk;
		}
	}

	return {next, data};
}

function readHeader(head: Uint8Array): TarEntry & {readonly flag: string} {
	const field = (from: number, length: number) => withoutEnd(decoder.decode(head.subarray(from, from + length)));
	const sum = Number.parseInt(field(148, 8).trim(), 8);
	const blanked = head.slice();
	blanked.fill(32, 148, 156);
	if (sum !== sumOf(blanked)) {
		throw broken('a checksum in it is wrong');
	}

	const flag = field(156, 1) || '0';
	const prefix = decoder.decode(head.subarray(257, 263)) === 'ustar\0' ? field(345, 155) : '';
	const name = prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`;
	return {
		flag,
		name,
		type: typeOf(flag, name),
		mode: numberOf(head, 100, 8) % 0o10000,
		size: numberOf(head, 124, 12),
		modifiedS: numberOf(head, 136, 12),
		target: field(157, 100),
		owner: {uid: numberOf(head, 108, 8), gid: numberOf(head, 116, 8)},
	};
}

function typeOf(flag: string, name: string): TarEntry['type'] {
	const types: Readonly<Record<string, TarEntry['type']>> = {1: 'hardlink', 2: 'symlink', 5: 'folder'};
	if (flag === '0' || flag === '7') {
		return name.endsWith('/') ? 'folder' : 'file';
	}

	return types[flag] ?? 'other';
}

/** In octal digits, or in binary where they do not suffice. */
function numberOf(head: Uint8Array, from: number, length: number): number {
	const field = head.subarray(from, from + length);
	if (((field[0] ?? 0) & 0x80) !== 0) {
		return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
	}

	const value = Number.parseInt(withoutEnd(decoder.decode(field)).trim() || '0', 8);
	if (!Number.isSafeInteger(value) || value < 0) {
		throw broken('a number in it is none');
	}

	return value;
}

function paxRecords(text: string): Record<string, string> {
	return Object.fromEntries(
		[...text.matchAll(/(?<=^|\n)\d+ ([^=\n]+)=([^\n]*)/g)].map(([, key = '', value = '']) => [key, value]),
	);
}

function withoutEnd(text: string): string {
	const end = text.indexOf('\0');
	return end < 0 ? text : text.slice(0, end);
}

function broken(why: string): ClusterError {
	return new ClusterError('failed', `what came is no tar archive, or not all of one: ${why}`);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}

	return whole;
}

function byteReader(chunks: AsyncIterable<Uint8Array>) {
	const source = chunks[Symbol.asyncIterator]();
	let rest: Uint8Array = new Uint8Array();

	async function more(): Promise<boolean> {
		const {done, value} = await source.next();
		if (!done) {
			rest = value;
		}

		return !done;
	}

	async function* take(count: number): AsyncIterable<Uint8Array> {
		let left = count;
		while (left > 0) {
			if (rest.length === 0 && !(await more())) {
				throw broken('it breaks off');
			}

			const part = rest.subarray(0, left);
			rest = rest.subarray(part.length);
			left -= part.length;
			if (part.length > 0) {
				yield part;
			}
		}
	}

	async function exactly(count: number): Promise<Uint8Array> {
		return joined(await Array.fromAsync(take(count)));
	}

	return {
		take,
		exactly,
		/** Undefined: it has ended before. */
		async maybe(count: number): Promise<Uint8Array | undefined> {
			while (rest.length === 0) {
				if (!(await more())) {
					return undefined;
				}
			}

			return exactly(count);
		},
		async drain(): Promise<void> {
			while (await more());
			rest = new Uint8Array();
		},
	};
}
