// Reads protocol buffers, but only the members that a schema names: the rest (most of a pod) is jumped over unread.

export type Schema = Readonly<Record<number, SchemaField>>;

export type SchemaField = {
	readonly name: string;
	/** `own`: a text that no other object has, so that nothing is won by keeping one for all. */
	readonly type: 'string' | 'own' | 'int' | 'bool' | 'time' | 'quantity' | 'labels' | 'quantities' | Schema;
	readonly many?: boolean;
};

const timeFields: Schema = {1: {name: 'seconds', type: 'int'}};
const quantityFields: Schema = {1: {name: 'string', type: 'string'}};
const labelFields: Schema = {1: {name: 'key', type: 'string'}, 2: {name: 'value', type: 'string'}};
const quantityEntryFields: Schema = {1: {name: 'key', type: 'string'}, 2: {name: 'value', type: 'quantity'}};

type Message = Record<string, unknown>;

/** A position in bytes that are read. */
class Reader {
	readonly bytes: Buffer;
	at: number;
	readonly end: number;

	constructor(bytes: Buffer, at: number, end: number) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	/** Numbers up to 2^53; what is larger (a negative one) comes out wrong, and nothing here is. */
	varint(): number {
		let result = 0;
		let factor = 1;
		for (let count = 0; count < 10; count++) {
			if (this.at >= this.end) throw new RangeError('a number goes on behind the end');
			const byte = this.bytes[this.at++] as number;
			result += (byte & 0x7f) * factor;
			if (byte < 0x80) return result;
			factor *= 128;
		}

		throw new RangeError('a number has too many bytes');
	}

	skip(wire: number): void {
		if (wire === 0) this.varint();
		else if (wire === 1) this.at += 8;
		else if (wire === 5) this.at += 4;
		else if (wire === 2) this.at = this.varint() + this.at;
		else throw new RangeError(`a member has the unknown wire type ${wire}`);
	}
}

/** Members that are not there are absent, but for lists that the schema names, as the server leaves them out in JSON. */
export function decode(bytes: Buffer, schema: Schema, start = 0, end = bytes.length): Message {
	const message: Message = {};
	const reader = new Reader(bytes, start, end);
	while (reader.at < end) {
		const tag = reader.varint();
		const field = schema[tag >>> 3];
		if (field === undefined) {
			reader.skip(tag & 7);
		} else if ((tag & 7) === 2) {
			const length = reader.varint();
			const from = reader.at;
			reader.at = from + length;
			if (reader.at > end) throw new RangeError(`${field.name} goes on behind the end`);
			put(message, field, bytes, from, reader.at);
		} else {
			const value = reader.varint();
			message[field.name] = field.type === 'bool' ? value !== 0 : value;
		}
	}

	return message;
}

function put(message: Message, {name, type, many}: SchemaField, bytes: Buffer, from: number, to: number): void {
	if (type === 'labels' || type === 'quantities') {
		const {key = '', value = ''} = decode(bytes, type === 'labels' ? labelFields : quantityEntryFields, from, to);
		message[name] ??= {};
		const entries = message[name] as Message;
		// A label may be called `__proto__`.
		Object.defineProperty(entries, String(key), {value, enumerable: true, configurable: true, writable: true});
		return;
	}

	// What is empty is left out of JSON, where it is no entry of a list.
	if (from === to && !many && (type === 'string' || type === 'own' || type === 'time')) return;
	const value = read(type, bytes, from, to);
	if (many) {
		message[name] ??= [];
		(message[name] as unknown[]).push(value);
	} else {
		message[name] = value;
	}
}

function read(type: SchemaField['type'], bytes: Buffer, from: number, to: number): unknown {
	if (typeof type === 'object') return decode(bytes, type, from, to);
	if (type === 'time') return Number(decode(bytes, timeFields, from, to).seconds ?? 0) * 1000;
	if (type === 'quantity') return decode(bytes, quantityFields, from, to).string ?? '0';
	const text = bytes.toString('utf8', from, to);
	return type === 'own' ? text : shared(text);
}

const maxShared = 20_000;
const texts = new Map<string, string>();

/** Ten thousand pods have the same few images, nodes and reasons: each is kept once. */
function shared(text: string): string {
	if (text.length > 100) return text;
	const known = texts.get(text);
	if (known !== undefined) return known;
	if (texts.size < maxShared) texts.set(text, text);
	return text;
}

const startBytes = 256 * 1024;

/** What stands before a message: `k8s`, NUL, then an envelope whose second member is the message itself. */
const magic = Buffer.from('k8s\0', 'latin1');
const envelopeTag = 2;

/**
 * Takes the items out of a list as its bytes arrive: `feed` answers with those that are whole by now. The list's own
 * metadata comes first on the wire, and is there from the first item on.
 */
export class ListReader {
	readonly #item: Schema;
	/** The same bytes are used for the whole list: what has been read makes room for what comes. */
	#bytes = Buffer.allocUnsafe(startBytes);
	#length = 0;
	#isInside = false;
	revision = '';
	continueToken = '';

	constructor(item: Schema) {
		this.#item = item;
	}

	feed(chunk: Buffer): unknown[] {
		this.#append(chunk);
		if (!this.#isInside && !this.#enter()) return [];
		const items: unknown[] = [];
		let at = 0;
		for (;;) {
			const next = this.#member(at);
			if (next === undefined) break;
			if (next.number === 1) this.#readMeta(next.from, next.to);
			else if (next.number === 2) items.push(decode(this.#bytes, this.#item, next.from, next.to));
			at = next.to;
		}

		this.#drop(at);
		return items;
	}

	#append(chunk: Buffer): void {
		const needed = this.#length + chunk.length;
		if (needed > this.#bytes.length) {
			const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
			this.#bytes.copy(larger, 0, 0, this.#length);
			this.#bytes = larger;
		}

		chunk.copy(this.#bytes, this.#length);
		this.#length = needed;
	}

	#drop(count: number): void {
		this.#bytes.copyWithin(0, count, this.#length);
		this.#length -= count;
	}

	/** The envelope up to its message; its type comes first and is not looked at. */
	#enter(): boolean {
		if (this.#length < magic.length) return false;
		if (!this.#bytes.subarray(0, magic.length).equals(magic)) throw new RangeError('this is no answer of Kubernetes');
		let at = magic.length;
		for (;;) {
			const header = this.#header(at);
			if (header === undefined) return false;
			if (header.number === envelopeTag) {
				this.#drop(header.from);
				this.#isInside = true;
				return true;
			}

			if (header.to > this.#length) return false;
			at = header.to;
		}
	}

	#readMeta(from: number, to: number): void {
		const meta = decode(this.#bytes, {2: {name: 'rv', type: 'string'}, 3: {name: 'next', type: 'string'}}, from, to);
		this.revision = String(meta.rv ?? '');
		this.continueToken = String(meta.next ?? '');
	}

	#member(at: number): {readonly number: number; readonly from: number; readonly to: number} | undefined {
		const header = this.#header(at);
		return header && header.to <= this.#length ? header : undefined;
	}

	/** Number and place of the member at `at`; undefined: not all of its length has arrived. */
	#header(at: number): {readonly number: number; readonly from: number; readonly to: number} | undefined {
		const reader = new Reader(this.#bytes, at, this.#length);
		try {
			const tag = reader.varint();
			if ((tag & 7) === 2) {
				const length = reader.varint();
				return {number: tag >>> 3, from: reader.at, to: reader.at + length};
			}

			const from = reader.at;
			reader.skip(tag & 7);
			return {number: tag >>> 3, from, to: reader.at};
		} catch (thrown) {
			if (thrown instanceof RangeError && reader.at >= this.#length) return undefined;
			throw thrown;
		}
	}
}
