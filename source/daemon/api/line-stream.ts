import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {sendError, sendLinesHead} from './answer.ts';

/** A client that takes nothing for so long is let go. */
const maxStallMs = 30_000;

/**
 * Answers with lines, as fast as the client takes them and no faster; an error of the source is the last one. The source's
 * signal is aborted when the client has gone.
 */
export async function sendLines(
	response: ServerResponse,
	source: (signal: AbortSignal) => AsyncIterable<string>,
): Promise<void> {
	const gone = new AbortController();
	response.once('close', () => gone.abort());
	const lines = source(gone.signal)[Symbol.asyncIterator]();
	const batch = new Batch(response, gone.signal);
	try {
		// The head is sent with the first line, so that what speaks against the request has a status of its own.
		for (let next = await lines.next(); !next.done; next = await lines.next()) {
			if (!response.headersSent) {
				sendLinesHead(response);
			}

			await batch.add(next.value);
		}

		if (!response.headersSent) {
			sendLinesHead(response);
		}

		await batch.flush();
		response.end();
	} catch (error) {
		await batch.flush();
		if (!gone.signal.aborted) {
			sendError(response, error);
		}
	} finally {
		await lines.return?.();
	}
}

/** So much of what comes in one go is one piece: each costs both sides more than its lines do. */
const batchCharacters = 65_536;

/** Lines that come in one go, in one piece. */
class Batch {
	readonly #response: ServerResponse;
	readonly #signal: AbortSignal;
	#text = '';
	#later: NodeJS.Immediate | undefined;
	#draining: Promise<void> | undefined;

	constructor(response: ServerResponse, signal: AbortSignal) {
		this.#response = response;
		this.#signal = signal;
	}

	/** To wait for: until the client takes more. */
	add(line: string): Promise<void> | undefined {
		this.#text += `${line}\n`;
		if (this.#text.length >= batchCharacters) {
			return this.flush();
		}

		this.#later ??= setImmediate(() => void this.flush());
		return this.#draining;
	}

	flush(): Promise<void> | undefined {
		clearImmediate(this.#later);
		this.#later = undefined;
		const text = this.#text;
		this.#text = '';
		if (text !== '' && !this.#response.destroyed && !this.#response.write(text)) {
			this.#draining ??= drained(this.#response, this.#signal).finally(() => {
				this.#draining = undefined;
			});
		}

		return this.#draining;
	}
}

/** What was written to a client that stalls is never taken: its connection is ended, which aborts the source. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
	const timeout = setTimeout(() => response.destroy(), maxStallMs);
	await once(response, 'drain', {signal}).catch(() => {});
	clearTimeout(timeout);
}
