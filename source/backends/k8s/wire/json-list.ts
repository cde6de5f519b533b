// Reads JSON, but only the members that a schema names: the rest is jumped over unread, as protobuf.ts does.

/** Which members of an object are read: a text, an object of members, or a list of such objects. */
export type JsonSchema = {readonly [member: string]: 'text' | JsonSchema | readonly [JsonSchema]};

type Members = Record<string, unknown>;

const [quote, backslash, comma, colon] = [34, 92, 44, 58];
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93];
const space = 32;
const maxItemBytes = 1024 * 1024;

/** What has arrived ends within a value: no fault, there may be more. */
const incomplete = new RangeError('it ends within a value');

/** A position in bytes that are read. */
class Reader {
	readonly bytes: Buffer;
	at = 0;

	constructor(bytes: Buffer) {
		this.bytes = bytes;
	}

	/** The next byte that is no space, without taking it. */
	peek(): number {
		const {bytes} = this;
		while (this.at < bytes.length) {
			const byte = bytes[this.at] as number;
			if (byte > space) return byte;
			this.at++;
		}

		throw incomplete;
	}

	/** Takes the next byte that is no space, if it is this one. */
	takes(wanted: number): boolean {
		if (this.peek() !== wanted) return false;
		this.at++;
		return true;
	}

	needs(wanted: number): void {
		if (!this.takes(wanted)) throw new SyntaxError(`byte ${this.at} should be ${String.fromCharCode(wanted)}`);
	}

	/** Behind the text that begins here; answers whether it has escapes. */
	skipText(): boolean {
		this.needs(quote);
		const {bytes} = this;
		let hasEscapes = false;
		for (let at = this.at; at < bytes.length; at++) {
			const byte = bytes[at] as number;
			if (byte === quote) {
				this.at = at + 1;
				return hasEscapes;
			}

			if (byte === backslash) {
				hasEscapes = true;
				at++;
			}
		}

		throw incomplete;
	}

	text(): string {
		this.peek();
		const from = this.at;
		const hasEscapes = this.skipText();
		return hasEscapes
			? (JSON.parse(this.bytes.toString('utf8', from, this.at)) as string)
			: this.bytes.toString('utf8', from + 1, this.at - 1);
	}

	/** Of the members that are read, the one whose name begins here; undefined: another one, and behind it. */
	name(names: readonly string[]): string | undefined {
		this.peek();
		const from = this.at + 1;
		this.skipText();
		const length = this.at - 1 - from;
		return names.find(name => name.length === length && this.#has(name, from));
	}

	#has(name: string, from: number): boolean {
		for (let index = 0; index < name.length; index++) {
			if (this.bytes[from + index] !== name.charCodeAt(index)) return false;
		}

		return true;
	}

	skip(): void {
		let depth = 0;
		do {
			const byte = this.peek();
			if (byte === quote) {
				this.skipText();
				continue;
			}

			this.at++;
			if (byte === openBrace || byte === openBracket) depth++;
			else if (byte === closeBrace || byte === closeBracket) depth--;
			else if (depth === 0) this.#skipWord();
		} while (depth > 0);
	}

	/** The rest of a number, `true`, `false` or `null`: as far as what can only come behind it. */
	#skipWord(): void {
		for (; this.at < this.bytes.length; this.at++) {
			const byte = this.bytes[this.at] as number;
			if (byte <= space || byte === comma || byte === closeBrace || byte === closeBracket) return;
		}

		throw incomplete;
	}

	/** What is not as the schema says is left out. */
	members(schema: JsonSchema, names: readonly string[] = namesOf(schema)): Members {
		const members: Members = {};
		this.needs(openBrace);
		if (this.takes(closeBrace)) return members;
		do {
			const name = this.name(names);
			this.needs(colon);
			const type = name === undefined ? undefined : schema[name];
			const byte = this.peek();
			if (type === 'text' && byte === quote) members[name as string] = this.text();
			else if (Array.isArray(type) && byte === openBracket) members[name as string] = this.list(type[0]);
			else if (typeof type === 'object' && byte === openBrace) {
				members[name as string] = this.members(type as JsonSchema);
			} else this.skip();
		} while (this.takes(comma));
		this.needs(closeBrace);
		return members;
	}

	list(schema: JsonSchema): Members[] {
		const items: Members[] = [];
		this.needs(openBracket);
		if (this.takes(closeBracket)) return items;
		do {
			if (this.peek() === openBrace) items.push(this.members(schema));
			else this.skip();
		} while (this.takes(comma));
		this.needs(closeBracket);
		return items;
	}
}

const known = new WeakMap<JsonSchema, readonly string[]>();

function namesOf(schema: JsonSchema): readonly string[] {
	const names = known.get(schema) ?? Object.keys(schema);
	known.set(schema, names);
	return names;
}

/**
 * Takes the items out of a list `{"items": [{…}, …]}` as its bytes arrive: `feed` answers with those that are whole by now, so
 * that nobody holds the whole list at once.
 */
export class JsonList {
	readonly #item: JsonSchema;
	#rest = Buffer.alloc(0);
	#state: 'before' | 'members' | 'items' | 'behind' = 'before';

	constructor(item: JsonSchema) {
		this.#item = item;
	}

	feed(chunk: Buffer): Members[] {
		const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const reader = new Reader(bytes);
		const found: Members[] = [];
		let taken = 0;
		try {
			while (this.#state !== 'behind') {
				this.#step(reader, found);
				taken = reader.at;
			}
		} catch (thrown) {
			if (thrown !== incomplete) throw thrown;
		}

		// A copy, since whoever gave the bytes may use them again.
		this.#rest = this.#state === 'behind' ? Buffer.alloc(0) : Buffer.from(bytes.subarray(taken));
		if (this.#rest.length > maxItemBytes) throw new RangeError('an item of a list is larger than 1 MiB');
		return found;
	}

	/** One member of the list, or one of its items, with the comma behind it: what is not whole is read again later. */
	#step(reader: Reader, found: Members[]): void {
		if (this.#state === 'before') {
			reader.needs(openBrace);
			this.#state = reader.takes(closeBrace) ? 'behind' : 'members';
		} else if (this.#state === 'items') {
			const item = reader.peek() === closeBracket ? undefined : reader.members(this.#item);
			const isLast = !reader.takes(comma);
			if (isLast) reader.needs(closeBracket);
			if (item) found.push(item);
			if (isLast) this.#state = 'behind';
		} else {
			const name = reader.name(['items']);
			reader.needs(colon);
			if (name !== undefined && reader.takes(openBracket)) {
				this.#state = 'items';
				return;
			}

			reader.skip();
			if (!reader.takes(comma)) this.#state = 'behind';
		}
	}
}
