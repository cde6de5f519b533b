import type {IncomingMessage, Agent as PlainAgent, RequestOptions} from 'node:http';
import type {Clock} from '../../core/clock.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {trustFor} from './connection/authorities.ts';
import type {CredentialSource, Credentials} from './connection/credentials.ts';
import type {ClusterEntry} from './connection/kubeconfig.ts';
import {type LoneAnswer, loneGet} from './connection/lone-get.ts';
import {limitOpening, openingMs} from './connection/opening.ts';
import {ranOut} from './connection/ran-out.ts';
import {createRateLimit} from './connection/rate-limit.ts';
import {
	answerError,
	connectionError,
	foreignAnswer,
	isCertificateFailure,
	isStorageFailure,
	parseStatus,
	refusalText,
} from './translate-error.ts';

export type RequestBody = {readonly type: string; readonly text: string};

export type ApiRequest = {
	readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly path: string;
	readonly accept?: string;
	readonly body?: RequestBody | undefined;
	readonly signal?: AbortSignal | undefined;
	/** The answer goes on for ever: no limit on its silence. */
	readonly stream?: boolean;
	/** Little else is asked for: it has a connection of its own, for which less is loaded. */
	readonly lone?: boolean | undefined;
};

export type KubeClient = {
	readonly server: string;
	/** The server is on this machine. */
	readonly isNear: boolean;
	readonly source: CredentialSource;
	/** The answer's body as it comes. Throws ClusterError for every status but 2xx. */
	open(request: ApiRequest): Promise<AsyncIterable<Buffer>>;
	text(request: ApiRequest): Promise<string>;
	json<T>(request: ApiRequest): Promise<T>;
	/** How many were made that change something. */
	writes(): number;
	/** Requests made in the last minute. */
	rate(): number;
	close(): void;
};

export type ClientOptions = {
	readonly cluster: ClusterEntry;
	readonly source: CredentialSource;
	readonly clock: Clock;
	readonly version: string;
	/** Requests in a second over any length of time, and at once; default: what kubectl allows itself. */
	readonly limits?: {readonly perSecond: number; readonly burst: number};
};

/** How long a server may be silent before it is taken for gone; what streams is asked by its bookmarks. */
const silenceMs = 30_000;
/** Who has waited so long asks whether there is anything to wait for. */
const doubtMs = 5000;
const maxTries = 5;
type Answer = {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** Unpacked. */
	readonly body: AsyncIterable<Buffer>;
	destroy(): void;
};

const usualLimits = {perSecond: 50, burst: 300} as const;

export function createClient({cluster, source, clock, version, limits = usualLimits}: ClientOptions): KubeClient {
	const {server} = cluster;
	const base = new URL(server);
	const isPlain = base.protocol === 'http:';
	const isNear = /^(127\.|localhost$|\[::1\])/.test(base.hostname);
	const limit = createRateLimit({...limits, clock});
	const ending = new AbortController();
	let agent: {readonly tls: unknown; readonly agent: PlainAgent} | undefined;

	function agentFor({tls, agent: given}: Credentials): PlainAgent {
		if (given) return given;
		if (agent?.tls !== tls) {
			// What is under way on the connections of before is not cut off.
			for (const socket of Object.values(agent?.agent.freeSockets ?? {}).flat()) socket?.destroy();
			const options = {keepAlive: true, keepAliveMsecs: 10_000, scheduling: 'lifo'} as const;
			if (!isPlain) trustFor(tls);
			agent = {tls, agent: isPlain ? new (http().Agent)(options) : new (https().Agent)({...options, ...tls})};
		}

		return agent.agent;
	}

	let writes = 0;

	async function send(request: ApiRequest): Promise<Answer> {
		const {method = 'GET', path, accept = 'application/json', body, stream} = request;
		const credentials = await source.get();
		const signal = request.signal ? AbortSignal.any([request.signal, ending.signal]) : ending.signal;
		signal.throwIfAborted();
		const headers = {
			accept,
			'user-agent': `muster/${version}`,
			// Compression pays where the bytes travel.
			...(!isNear && !stream && {'accept-encoding': 'gzip'}),
			...credentials.headers,
			...(body && {'content-type': body.type, 'content-length': String(Buffer.byteLength(body.text))}),
		};
		const whole = base.pathname.replace(/\/$/, '') + path;
		if (request.lone && credentials.agent === undefined) {
			const {tls} = credentials;
			if (!isPlain) trustFor(tls);
			return ofLone(await loneGet({base, path: whole, headers, tls, signal, silenceMs}));
		}

		const options: RequestOptions = {
			protocol: base.protocol,
			hostname: base.hostname.replace(/^\[|\]$/g, ''),
			port: base.port || (isPlain ? 80 : 443),
			path: whole,
			method,
			agent: agentFor(credentials),
			signal,
			headers,
		};
		return new Promise((resolve, reject) => {
			let answered: IncomingMessage | undefined;
			const sent = (isPlain ? http() : https()).request(options, answer => {
				answered = answer;
				resolve(ofMessage(answer));
			});
			sent.on('error', reject);
			sent.on('socket', socket => limitOpening(socket, openingMs));
			sent.setTimeout(silenceMs, () => {
				if (stream && answered !== undefined) return;
				const silent = Object.assign(new Error('it does not answer'), {code: 'ETIMEDOUT'});
				// Who reads an answer that has begun hears that it goes on no more, not that it was broken off.
				(answered ?? sent).destroy(silent);
			});
			sent.end(body?.text);
		});
	}

	/** A server whose storage is silent answers nothing that is kept there, and lets one wait. */
	async function sendInDoubt(request: ApiRequest): Promise<Answer> {
		if (!request.path.startsWith('/api')) return send(request);
		const giving = new AbortController();
		let isWaiting = true;
		const ask = async () => {
			await text({path: '/livez', signal: giving.signal}).catch((thrown: unknown) => {
				const error = toClusterError(thrown);
				if (isWaiting && isStorageFailure(error)) giving.abort(error);
			});
		};
		const cancel = clock.after(doubtMs, () => void ask());
		const signal = request.signal ? AbortSignal.any([request.signal, giving.signal]) : giving.signal;
		try {
			return await send({...request, signal});
		} catch (thrown) {
			throw giving.signal.aborted ? giving.signal.reason : thrown;
		} finally {
			isWaiting = false;
			cancel();
		}
	}

	/** Again where the server asks for it, or where a kept connection had ended meanwhile. */
	async function exchange(request: ApiRequest): Promise<Answer> {
		for (let tries = 1; ; tries++) {
			await limit.take(request.signal);
			let answer: Answer;
			try {
				answer = await sendInDoubt(request);
			} catch (thrown) {
				if (request.signal?.aborted) throw thrown;
				const isKeptOne = (thrown as {code?: string}).code === 'ECONNRESET' && tries === 1;
				if (isKeptOne && (request.method ?? 'GET') === 'GET') continue;
				const error = connectionError(thrown, server);
				if (isCertificateFailure(error)) source.forget();
				throw error;
			}

			if ((request.method ?? 'GET') !== 'GET') writes++;
			const {status, headers} = answer;
			const foreign = foreignAnswer(status, headers, server);
			if (foreign !== undefined) {
				answer.destroy();
				throw foreign;
			}

			if (status >= 200 && status < 300) return answer;
			const body = refusalText(await readBytes(answer.body));
			if (status === 401 && tries === 1) {
				source.forget();
				continue;
			}

			const waitS = Number(headers['retry-after'] ?? parseStatus(body)?.details?.retryAfterSeconds);
			// A budget that forbids an eviction says 429, too, and without a time: that is an answer.
			if (status === 429 && headers['retry-after'] !== undefined && tries < maxTries) {
				await sleep(Math.min(Math.max(waitS || 1, 1), 30) * 1000, request.signal);
				continue;
			}

			const error = answerError(status, body, `${request.method ?? 'GET'} ${request.path}`);
			throw status === 401 ? await withEnd(error) : error;
		}
	}

	/** The server only says no: what has run out is said here, and first, where a narrow screen shows it. */
	async function withEnd({code, message, hint, cause}: ClusterError): Promise<ClusterError> {
		const why = ranOut(await source.get(), clock.now());
		return new ClusterError(code, why === undefined ? message : `${why}: ${message}`, {
			hint: why === undefined ? hint : 'Log in again.',
			cause,
		});
	}

	function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
		return new Promise((resolve, reject) => {
			const cancel = clock.after(ms, resolve);
			signal?.addEventListener(
				'abort',
				() => {
					cancel();
					reject(signal.reason);
				},
				{once: true},
			);
		});
	}

	async function* bodyOf(answer: Answer, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
		try {
			yield* answer.body;
		} catch (thrown) {
			if (signal?.aborted) throw signal.reason;
			throw ending.signal.aborted
				? new ClusterError('unreachable', 'the connection was closed')
				: connectionError(thrown, server);
		} finally {
			answer.destroy();
		}
	}

	async function open(request: ApiRequest): Promise<AsyncIterable<Buffer>> {
		return bodyOf(await exchange(request), request.signal);
	}

	async function text(request: ApiRequest): Promise<string> {
		return readText(await open(request));
	}

	return {
		server,
		isNear,
		source,
		open,
		text,
		json: async <T>(request: ApiRequest) => JSON.parse(await text(request)) as T,
		writes: () => writes,
		rate: limit.rate,
		close() {
			ending.abort();
			agent?.agent.destroy();
		},
	};
}

// Loaded where they are needed: a short command nearby needs none of them.
const http = () => process.getBuiltinModule('node:http');
const https = () => process.getBuiltinModule('node:https');
const zlib = () => process.getBuiltinModule('node:zlib');

function ofMessage(answer: IncomingMessage): Answer {
	const {statusCode: status = 0, headers} = answer;
	const body = isPacked(headers) ? answer.pipe(zlib().createGunzip()) : answer;
	return {status, headers, body, destroy: () => answer.destroy()};
}

function ofLone({status, headers: told, body}: LoneAnswer): Answer {
	const headers = Object.fromEntries(told);
	const unpacked = isPacked(headers) ? zlib().gunzipSync(body) : body;
	const pieces = async function* () {
		yield unpacked;
	};
	return {status, headers, body: pieces(), destroy() {}};
}

function isPacked(headers: Answer['headers']): boolean {
	return headers['content-encoding'] === 'gzip';
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
	return (await readBytes(body)).toString('utf8');
}

async function readBytes(body: AsyncIterable<Buffer>): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of body) {
		chunks.push(chunk);
	}

	return Buffer.concat(chunks);
}
