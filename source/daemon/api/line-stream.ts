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
	try {
		// The head is sent with the first line, so that what speaks against the request has a status of its own.
		for (let next = await lines.next(); !next.done; next = await lines.next()) {
			if (!response.headersSent) {
				sendLinesHead(response);
			}

			if (!response.write(`${next.value}\n`)) {
				await drained(response, gone.signal);
			}
		}

		if (!response.headersSent) {
			sendLinesHead(response);
		}

		response.end();
	} catch (error) {
		if (!gone.signal.aborted) {
			sendError(response, error);
		}
	} finally {
		await lines.return?.();
	}
}

/** What was written to a client that stalls is never taken: its connection is ended, which aborts the source. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
	const timeout = setTimeout(() => response.destroy(), maxStallMs);
	await once(response, 'drain', {signal}).catch(() => {});
	clearTimeout(timeout);
}
