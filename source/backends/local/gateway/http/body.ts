import {BadMessage, type Framing} from './head.ts';

/** Finds the end of a body in the bytes as they come; they are passed on as they are. */
export type Body = {
	/** How many of the bytes belong to it, from the first. Throws BadMessage. */
	take(data: Buffer): number;
	readonly isOver: boolean;
};

const maxLineBytes = 4096;
const maxTrailerBytes = 65_536;

const noBody: Body = {take: () => 0, isOver: true};

export function bodyOf(framing: Framing): Body {
	switch (framing.type) {
		case 'none':
			return noBody;
		case 'length':
			return lengthBody(framing.bytes);
		case 'chunked':
			return new ChunkedBody();
		case 'close':
			return {take: data => data.length, isOver: false};
	}
}

function lengthBody(bytes: number): Body {
	let missing = bytes;
	return {
		take({length}) {
			const taken = Math.min(length, missing);
			missing -= taken;
			return taken;
		},
		get isOver() {
			return missing === 0;
		},
	};
}

const carriageReturn = 13;
const lineFeed = 10;

/** `SIZE[;…]CRLF DATA CRLF … 0 CRLF [TRAILER CRLF]… CRLF` */
class ChunkedBody implements Body {
	#state: 'size' | 'data' | 'data-end' | 'trailer' | 'over' = 'size';
	#line = '';
	#missing = 0;
	#trailerBytes = 0;

	get isOver(): boolean {
		return this.#state === 'over';
	}

	take(data: Buffer): number {
		let at = 0;
		while (at < data.length && this.#state !== 'over') {
			if (this.#state === 'data') {
				const taken = Math.min(this.#missing, data.length - at);
				this.#missing -= taken;
				at += taken;
				if (this.#missing === 0) {
					this.#state = 'data-end';
				}
			} else {
				at = this.#takeLine(data, at);
			}
		}

		return at;
	}

	#takeLine(data: Buffer, from: number): number {
		const end = data.indexOf(lineFeed, from);
		const to = end < 0 ? data.length : end + 1;
		this.#line += data.toString('latin1', from, to);
		if (this.#line.length > maxLineBytes) {
			throw new BadMessage(400, 'a chunk without an end of its line');
		}

		if (end >= 0) {
			if (this.#line.charCodeAt(this.#line.length - 2) !== carriageReturn) {
				throw new BadMessage(400, 'a chunk with a bare line feed');
			}

			this.#read(this.#line.slice(0, -2));
			this.#line = '';
		}

		return to;
	}

	#read(line: string): void {
		switch (this.#state) {
			case 'size': {
				const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;[^\0\r]*)?$/.exec(line)?.[1];
				if (size === undefined) {
					throw new BadMessage(400, 'a chunk without a size');
				}

				this.#missing = Number.parseInt(size, 16);
				this.#state = this.#missing === 0 ? 'trailer' : 'data';
				break;
			}

			case 'data-end':
				if (line !== '') {
					throw new BadMessage(400, 'a chunk that is longer than it says');
				}

				this.#state = 'size';
				break;
			default:
				this.#trailerBytes += line.length;
				if (this.#trailerBytes > maxTrailerBytes) {
					throw new BadMessage(400, 'trailers without an end');
				}

				if (line === '') {
					this.#state = 'over';
				}
		}
	}
}
