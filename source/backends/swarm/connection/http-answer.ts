import {type HttpHead, headEnd, isChunked, parseHead} from '../../../core/http-head.ts';

export type HttpAnswer = {
	readonly status: number;
	/** By their names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	readonly body: string;
};

const maxHeadBytes = 65_536;

/** Puts one answer together as its bytes come; the body is told by its length, by chunks, or is empty. */
export class AnswerReader {
	#head: HttpHead | undefined;
	/** Not yet understood. */
	#rest: Buffer = Buffer.alloc(0);
	/** Of the rest: further pieces, joined only when they are looked at. */
	#more: Buffer[] = [];
	#moreBytes = 0;
	/** What the body must reach before looking again is worth it. */
	#wantedBytes = 0;
	readonly #body: Buffer[] = [];

	/** The answer when this was its last piece. Throws where it is none. */
	read(data: Buffer): HttpAnswer | undefined {
		this.#more.push(data);
		this.#moreBytes += data.length;
		if (this.#rest.length + this.#moreBytes < this.#wantedBytes) return undefined;
		this.#rest = Buffer.concat([this.#rest, ...this.#more]);
		this.#more = [];
		this.#moreBytes = 0;
		this.#head ??= this.#readHead();
		if (this.#head === undefined) return undefined;
		const {status, headers} = this.#head;
		const isWhole = isChunked(this.#head) ? this.#readChunks() : this.#readLength(headers);
		return isWhole ? {status, headers, body: Buffer.concat(this.#body).toString('utf8')} : undefined;
	}

	#readHead(): HttpHead | undefined {
		const end = this.#rest.indexOf(headEnd);
		if (end === -1) {
			if (this.#rest.length > maxHeadBytes) throw new Error('what answers does not speak HTTP');
			return undefined;
		}

		const head = parseHead(this.#rest.toString('latin1', 0, end));
		this.#rest = this.#rest.subarray(end + headEnd.length);
		return head;
	}

	#readLength(headers: ReadonlyMap<string, string>): boolean {
		this.#wantedBytes = Number(headers.get('content-length') ?? 0);
		if (this.#rest.length < this.#wantedBytes) return false;
		this.#body.push(this.#rest.subarray(0, this.#wantedBytes));
		return true;
	}

	#readChunks(): boolean {
		for (;;) {
			const end = this.#rest.indexOf('\r\n');
			if (end === -1) {
				this.#wantedBytes = 0;
				return false;
			}

			const length = Number.parseInt(this.#rest.toString('latin1', 0, end), 16);
			if (Number.isNaN(length)) throw new Error('a broken answer');
			const whole = end + 2 + length + 2;
			if (this.#rest.length < whole) {
				this.#wantedBytes = whole;
				return false;
			}

			if (length === 0) return true;
			this.#body.push(this.#rest.subarray(end + 2, end + 2 + length));
			this.#rest = this.#rest.subarray(whole);
		}
	}
}
