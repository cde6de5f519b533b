const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93];
/** Of an answer `{"items": [{…}, …]}`: within the answer and its list. */
const itemDepth = 2;
const maxItemBytes = 8 * 1024 * 1024;

/**
 * Takes the items out of a list in JSON as its bytes arrive: `feed` answers with the texts of those that are whole by now, so
 * that nobody holds the whole list at once, neither as text nor as objects.
 */
export class JsonItems {
	#rest = Buffer.alloc(0);
	/** How much of `#rest` has been looked at. */
	#at = 0;
	#start = -1;
	#depth = 0;
	#isInText = false;
	#isInList = false;

	feed(chunk: Buffer): string[] {
		const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const found: string[] = [];
		let at = this.#at;
		for (; at < bytes.length; at++) {
			const byte = bytes[at] as number;
			if (this.#isInText) {
				if (byte === backslash) at++;
				else if (byte === quote) this.#isInText = false;
			} else if (byte === quote) {
				this.#isInText = true;
			} else if (byte === openBrace || byte === openBracket) {
				if (this.#depth === itemDepth - 1) this.#isInList = byte === openBracket;
				else if (this.#depth === itemDepth && this.#isInList && byte === openBrace) this.#start = at;
				this.#depth++;
			} else if (byte === closeBrace || byte === closeBracket) {
				this.#depth--;
				if (byte === closeBrace && this.#depth === itemDepth && this.#start >= 0) {
					found.push(bytes.toString('utf8', this.#start, at + 1));
					this.#start = -1;
				}
			}
		}

		// An escape may reach into what comes next: then that byte is jumped over there.
		const kept = this.#start < 0 ? bytes.length : this.#start;
		this.#at = at - kept;
		this.#rest = Buffer.from(bytes.subarray(kept));
		this.#start = this.#start < 0 ? -1 : 0;
		if (this.#rest.length > maxItemBytes) throw new RangeError('an item of a list is larger than 8 MiB');
		return found;
	}
}
