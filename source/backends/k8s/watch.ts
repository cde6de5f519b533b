import {ClusterError} from '../../core/error.ts';
import type {ApiRequest, KubeClient} from './client.ts';
import {answerError} from './translate-error.ts';
import type {WireObject, WireStatus} from './wire/wire.ts';

export type WatchEvent<T> =
	| {readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T}
	| {readonly type: 'BOOKMARK'; readonly object: {readonly metadata: {readonly resourceVersion: string}}};

export type WatchRequest = {
	/** Of the collection, with its selectors: `/api/v1/pods`. */
	readonly path: string;
	readonly since: string;
	readonly signal: AbortSignal;
	readonly accept?: string;
	/** The stream is open: nothing has happened yet. */
	opened?(): void;
};

/** The server ends a watch after 5 to 10 minutes anyway; this keeps it to a time that is known. */
const timeoutSeconds = 480;
const maxLine = 32 * 1024 * 1024;

/** Everything that happens to a collection after `since`, until the server ends the stream. Throws `expired` for 410. */
export async function* watchCollection<T extends WireObject>(
	client: KubeClient,
	{path, since, signal, accept, opened}: WatchRequest,
): AsyncGenerator<WatchEvent<T>> {
	const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${timeoutSeconds}&resourceVersion=${since}`;
	const request: ApiRequest = {path: withQuery(path, query), signal, stream: true, ...(accept && {accept})};
	const body = await client.open(request);
	opened?.();
	for await (const line of lines(body)) {
		const event = JSON.parse(line) as WatchEvent<T> | {readonly type: 'ERROR'; readonly object: WireStatus};
		if (event.type === 'ERROR') {
			const {code = 500} = event.object;
			throw answerError(code, JSON.stringify(event.object), `watch ${path}`);
		}

		yield event;
	}
}

export function withQuery(path: string, query: string): string {
	return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** A stream of bytes, line by line; what comes after the last line break is not a line. */
export async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
	let parts: Buffer[] = [];
	let length = 0;
	for await (const chunk of body) {
		let from = 0;
		for (;;) {
			const end = chunk.indexOf(10, from);
			if (end === -1) break;
			parts.push(chunk.subarray(from, end));
			const line = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
			parts = [];
			length = 0;
			from = end + 1;
			if (line.length > 0) yield line.toString('utf8');
		}

		if (from < chunk.length) {
			parts.push(chunk.subarray(from));
			length += chunk.length - from;
			if (length > maxLine) throw new ClusterError('failed', 'the API server sent a line of more than 32 MiB');
		}
	}
}
