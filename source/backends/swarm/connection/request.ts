import type {Duplex} from 'node:stream';
import {fromStatus, notReached} from '../translate-error.ts';
import type {HttpAnswer} from './http-answer.ts';
import {type HttpRequest, httpClient} from './http-client.ts';

export type Ask = {readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined};

/** Requests to one Docker API, without the weight of a client library: most of what a list costs would be its loading. */
export type Reader = {
	/** The parsed answer; throws what the engine said, or `unreachable`. */
	get<T>(path: string, ask?: Ask): Promise<T>;
	/** An answer of one JSON text a line. */
	lines<T>(path: string, ask?: Ask): Promise<readonly T[]>;
	/** Of an answer, whatever its status; names and values in small letters. */
	headers(path: string, ask?: Ask): Promise<ReadonlyMap<string, string>>;
	/** The parsed answer to what may not be asked twice, undefined where it has no body; throws as `get` does. */
	send<T>(request: HttpRequest, ask?: Ask): Promise<T | undefined>;
	close(): void;
};

export type ReaderOptions = {
	/** A new connection. */
	connect(): Duplex;
	/** So many at a time. */
	readonly mostConnections: number;
	/** For messages. */
	readonly where: string;
	/** Called at each request. */
	onRequest(): void;
};

const usualTimeoutMs = 20_000;
/** A change may wait for a majority, or for a registry that the engine asks. */
const sendTimeoutMs = 120_000;

export function reader({connect, mostConnections, where, onRequest}: ReaderOptions): Reader {
	const http = httpClient(connect, mostConnections);

	async function exchange(
		request: HttpRequest | string,
		{signal, timeoutMs = usualTimeoutMs}: Ask,
	): Promise<HttpAnswer> {
		signal?.throwIfAborted();
		onRequest();
		try {
			const options = {signal, timeoutMs};
			return await (typeof request === 'string' ? http.get(request, options) : http.send(request, options));
		} catch (error) {
			throw signal?.aborted ? signal.reason : notReached(where, error);
		}
	}

	async function read(request: HttpRequest | string, ask: Ask): Promise<string> {
		const {status, body} = await exchange(request, ask);
		if (status < 200 || status > 299) throw fromStatus(status, messageOf(body), where);
		return body;
	}

	return {
		async get<T>(path: string, ask: Ask = {}): Promise<T> {
			return JSON.parse(await read(path, ask)) as T;
		},
		async lines<T>(path: string, ask: Ask = {}): Promise<readonly T[]> {
			const lines = (await read(path, ask)).split('\n').filter(line => line.trim() !== '');
			return lines.map(line => JSON.parse(line) as T);
		},
		async headers(path, ask = {}) {
			return (await exchange(path, ask)).headers;
		},
		async send<T>(request: HttpRequest, ask: Ask = {}): Promise<T | undefined> {
			const text = await read(request, {timeoutMs: sendTimeoutMs, ...ask});
			return text.trim() === '' ? undefined : (JSON.parse(text) as T);
		},
		close: () => http.close(),
	};
}

function messageOf(text: string): string {
	try {
		const {message} = JSON.parse(text) as {message?: unknown};
		return typeof message === 'string' ? message : text;
	} catch {
		return text;
	}
}
