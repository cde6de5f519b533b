import type {Socket} from 'node:net';
import {ClusterError} from '../../../core/error.ts';
import {lineReader} from '../message-stream.ts';
import {protocolVersion, type WireError} from '../protocol.ts';
import {answerError, errorOf} from '../upgrade.ts';
import {dial, type Endpoint, notReached} from './endpoint.ts';
import {type HttpAnswer, readAnswer} from './http-answer.ts';

export type HttpClient = {
	/** Answers with the parsed body; throws what the daemon said, or `unreachable`. */
	call<T>(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
	/** Each line of the answer, parsed. Ends when the daemon ends it, or the signal aborts. */
	lines<T>(path: string, signal: AbortSignal): AsyncIterable<T>;
	/** Ends what is still open. */
	close(): void;
};

type Asked = {
	readonly method: string;
	readonly path: string;
	readonly body?: string | undefined;
	readonly signal?: AbortSignal | undefined;
};

/**
 * HTTP over a unix socket (or TLS, to another machine), a connection for each request. By hand on node:net: loading node:http and its agent would make up
 * a fifth of a short command's time, and the other side is always the daemon.
 */
export function httpClient(endpoint: Endpoint): HttpClient {
	const open = new Set<Socket>();

	async function* exchange({method, path, body = '', signal}: Asked): AsyncGenerator<Buffer, void> {
		signal?.throwIfAborted();
		const socket = dial(endpoint);
		const abort = () => socket.destroy();
		open.add(socket);
		signal?.addEventListener('abort', abort);
		try {
			socket.write(requestText(method, path, body));
			const answer = await readAnswer(socket);
			await refuseError(answer);
			yield* answer.body;
		} catch (error) {
			throw signal?.aborted ? signal.reason : asClusterError(endpoint, error as Error);
		} finally {
			signal?.removeEventListener('abort', abort);
			open.delete(socket);
			socket.destroy();
		}
	}

	return {
		async call<T>(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
			const text = body === undefined ? undefined : JSON.stringify(body);
			return JSON.parse(await readText(exchange({method, path, body: text, signal}))) as T;
		},
		async *lines<T>(path: string, signal: AbortSignal): AsyncIterable<T> {
			try {
				yield* readLines<T>(exchange({method: 'GET', path, signal}));
			} catch (error) {
				if (!signal.aborted) {
					throw error;
				}
			}
		},
		close() {
			for (const socket of open) {
				socket.destroy();
			}
		},
	};
}

function requestText(method: string, path: string, body: string): string {
	const about = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
	return `${method} ${path} HTTP/1.1\r\nhost: muster\r\nconnection: close\r\nmuster-protocol: ${protocolVersion}\r\n${about}\r\n${body}`;
}

async function refuseError({status, headers, body}: HttpAnswer): Promise<void> {
	const protocol = headers.get('muster-protocol');
	if (status !== 200 || protocol !== protocolVersion) {
		throw answerError(status, protocol, protocol === protocolVersion ? await readText(body) : '');
	}
}

function asClusterError(endpoint: Endpoint, error: Error): ClusterError {
	return error instanceof ClusterError ? error : notReached(endpoint, error);
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of body) {
		chunks.push(chunk);
	}

	return Buffer.concat(chunks).toString('utf8');
}

async function* readLines<T>(body: AsyncIterable<Buffer>): AsyncIterable<T> {
	let arrived: T[] = [];
	const read = lineReader(line => arrived.push(JSON.parse(line) as T));
	for await (const chunk of body) {
		read(chunk);
		const messages = arrived;
		arrived = [];
		for (const message of messages) {
			const {type, error} = message as {type?: unknown; error?: Partial<WireError>};
			if (type === 'error') {
				throw errorOf(error) ?? new ClusterError('failed', 'the daemon ended the answer without saying why');
			}

			yield message;
		}
	}
}
