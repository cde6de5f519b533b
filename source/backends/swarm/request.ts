import type {Agent, IncomingMessage} from 'node:http';
import {fromStatus, notReached} from './translate-error.ts';

export type Ask = {readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined};

/** Reads of one Docker API, without the weight of a client library: most of what a list costs would be its loading. */
export type Reader = {
	/** The parsed answer; throws what the engine said, or `unreachable`. */
	get<T>(path: string, ask?: Ask): Promise<T>;
	/** An answer of one JSON text a line. */
	lines<T>(path: string, ask?: Ask): Promise<readonly T[]>;
	/** A header of the answer to `/_ping`. */
	ping(ask?: Ask): Promise<ReadonlyMap<string, string>>;
};

const usualTimeoutMs = 20_000;

/** `onRequest` is called at each. */
export function reader(agent: Agent, where: string, onRequest: () => void): Reader {
	async function exchange(path: string, {signal, timeoutMs = usualTimeoutMs}: Ask): Promise<[IncomingMessage, string]> {
		signal?.throwIfAborted();
		onRequest();
		const {promise, resolve, reject} = Promise.withResolvers<[IncomingMessage, string]>();
		const request = process
			.getBuiltinModule('node:http')
			.request({agent, path, host: 'docker', ...(signal && {signal})}, answer => {
				const chunks: Buffer[] = [];
				answer.on('data', (chunk: Buffer) => chunks.push(chunk));
				answer.on('error', reject);
				answer.on('end', () => resolve([answer, Buffer.concat(chunks).toString('utf8')]));
			});
		request.on('error', reject);
		const timer = setTimeout(() => {
			request.destroy(Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), {code: 'ETIMEDOUT'}));
		}, timeoutMs);
		request.end();
		try {
			return await promise;
		} catch (error) {
			throw signal?.aborted ? signal.reason : notReached(where, error);
		} finally {
			clearTimeout(timer);
		}
	}

	async function read(path: string, ask: Ask): Promise<string> {
		const [{statusCode = 0}, text] = await exchange(path, ask);
		if (statusCode < 200 || statusCode > 299) throw fromStatus(statusCode, messageOf(text), where);
		return text;
	}

	return {
		async get<T>(path: string, ask: Ask = {}): Promise<T> {
			return JSON.parse(await read(path, ask)) as T;
		},
		async lines<T>(path: string, ask: Ask = {}): Promise<readonly T[]> {
			const lines = (await read(path, ask)).split('\n').filter(line => line.trim() !== '');
			return lines.map(line => JSON.parse(line) as T);
		},
		async ping(ask = {}) {
			const [{statusCode = 0, headers}, text] = await exchange('/_ping', ask);
			if (statusCode !== 200) throw fromStatus(statusCode, messageOf(text), where);
			return new Map(Object.entries(headers).map(([key, value]) => [key, String(value)]));
		},
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
