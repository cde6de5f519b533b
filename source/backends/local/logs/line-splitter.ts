/** A line and where it ends in its file, its line break included. */
export type SplitLine = {readonly text: string; readonly end: number};

/** A longer line comes in pieces of this size. */
export const maxLineBytes = 64 * 2 ** 10;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Cuts the bytes of a log into lines; what has no end yet is kept. */
export class LineSplitter {
	#rest: Buffer = Buffer.alloc(0);
	/** Where the next byte belongs. */
	#position = 0;

	/** What comes next stands at this place, of another file maybe; a line may go on there. */
	goOnAt(position: number): void {
		this.#position = position;
	}

	take(bytes: Buffer): SplitLine[] {
		const lines: SplitLine[] = [];
		const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		const startsAt = this.#position - this.#rest.length;
		this.#position += bytes.length;
		let start = 0;
		for (;;) {
			const found = all.indexOf(lineFeed, start);
			const end = found < 0 ? all.length : found;
			while (end - start > maxLineBytes) {
				lines.push({text: all.toString('utf8', start, start + maxLineBytes), end: startsAt + start + maxLineBytes});
				start += maxLineBytes;
			}

			if (found < 0) {
				// A copy, for the buffer that it came in is used again.
				this.#rest = Buffer.from(all.subarray(start));
				return lines;
			}

			const hasReturn = end > start && all[end - 1] === carriageReturn;
			lines.push({text: all.toString('utf8', start, hasReturn ? end - 1 : end), end: startsAt + end + 1});
			start = end + 1;
		}
	}

	/** What has come of a line without its end; none when there is nothing. */
	flush(): SplitLine[] {
		const rest = this.#rest;
		this.#rest = Buffer.alloc(0);
		return rest.length === 0 ? [] : [{text: rest.toString('utf8'), end: this.#position}];
	}
}
