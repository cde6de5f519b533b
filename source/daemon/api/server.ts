import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import type {ServerOptions, Server as TlsServer} from 'node:https';
import type {Socket} from 'node:net';
import {protocolVersion} from '../../backends/local/protocol.ts';
import type {Asker} from '../../core/access.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {parseJson, readBody, refuseUpgrade, sendError, sendJson, sendText} from './answer.ts';
import {sendLines} from './line-stream.ts';

/** An answer in one piece; a string is JSON already. */
export type Handler = (request: ApiRequest) => unknown;
/** Opens an answer of many lines. */
export type LinesHandler = (request: ApiRequest, signal: AbortSignal) => AsyncIterable<string>;
/** Takes over the connection. */
export type UpgradeHandler = (request: ApiRequest, socket: Socket, head: Uint8Array) => Promise<void> | void;

export type ApiRequest = {
	/** The parameter `query`, parsed; undefined when there is none. */
	readonly query: unknown;
	readonly since: string | undefined;
	/** Undefined but for POST. */
	readonly body: unknown;
	/** Undefined on the socket of this machine. */
	readonly asker?: Asker | undefined;
};

/** By `METHOD /path`. */
export type Routes = {
	readonly answers: Readonly<Record<string, Handler>>;
	/** Answers for others than muster: plain text, as Prometheus reads it. */
	readonly texts?: Readonly<Record<string, () => string>>;
	readonly lines: Readonly<Record<string, LinesHandler>>;
	readonly upgrades: Readonly<Record<string, UpgradeHandler>>;
	/** Waited for before what changed something is answered: by then it is on the disk. */
	readonly kept?: () => Promise<void>;
};

/** Queries are part of it: a command to execute, the ids of 10,000 instances. */
const maxTargetBytes = 2 ** 20;

/** Stands before every request of those who come from elsewhere. */
export type Gate = {
	/** Throws `not-allowed`; says who asks, and whether what comes of it is recorded. A refusal is recorded always. */
	admit(request: IncomingMessage, route: string): {readonly isRecorded: boolean; readonly asker: Asker};
	record(request: IncomingMessage, route: string, asked: ApiRequest, failed: ClusterError | undefined): void;
};

const options = {keepAliveTimeout: 300_000, requestTimeout: 60_000, maxHeaderSize: maxTargetBytes};

/** Answers what protocol.ts lists, to whoever can open the socket. */
export function createApiServer(routes: Routes): Server {
	// Not imported: the module's ESM face loads all of fetch, too.
	const {createServer} = process.getBuiltinModule('node:http');
	return serve(createServer(options), routes, undefined);
}

/** The same by TLS, each request through the gate. */
export function createTlsApiServer(routes: Routes, tls: ServerOptions, gate: Gate): TlsServer {
	const {createServer} = process.getBuiltinModule('node:https');
	return serve(createServer({...options, ...tls}), routes, gate);
}

function serve<S extends Server | TlsServer>(server: S, routes: Routes, gate: Gate | undefined): S {
	server.on('request', (request, response) => {
		gated(gate, request, asked => handle(routes, request, response, asked)).catch(error => sendError(response, error));
	});
	server.on('upgrade', (request, socket, head) => {
		socket.on('error', () => socket.destroy());
		gated(gate, request, asked => upgrade(routes, request, {socket: socket as Socket, head}, asked)).catch(error =>
			refuseUpgrade(socket, error),
		);
	});
	return server;
}

type Asked = ReturnType<typeof parseTarget> & {body?: unknown; asker?: Asker};

/** What fails on the way in is answered where that is possible, and the connection goes on or not as HTTP has it. */
async function gated(
	gate: Gate | undefined,
	request: IncomingMessage,
	run: (asked: Asked) => Promise<void>,
): Promise<void> {
	const asked: Asked = parseTarget(request);
	if (!gate) {
		return run(asked);
	}

	const record = (failed?: unknown) =>
		gate.record(
			request,
			asked.route,
			{body: undefined, ...asked},
			failed === undefined ? undefined : toClusterError(failed),
		);
	let isRecorded = true;
	try {
		({isRecorded, asker: asked.asker} = gate.admit(request, asked.route));
		await run(asked);
	} catch (error) {
		if (isRecorded) {
			record(error);
		}

		throw error;
	}

	if (isRecorded) {
		record();
	}
}

async function handle(routes: Routes, request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
	const {route, query, since, asker} = asked;
	const lines = routes.lines[route];
	if (lines) {
		await sendLines(response, signal => lines({query, since, body: undefined}, signal));
		return;
	}

	const text = routes.texts?.[route];
	if (text) {
		sendText(response, text());
		return;
	}

	const answer = routes.answers[route];
	if (!answer) {
		throw unknownRoute(route);
	}

	asked.body = request.method === 'POST' ? await readBody(request) : undefined;
	const result = await answer({query, since, body: asked.body, asker});
	if (request.method === 'POST') {
		await routes.kept?.();
	}

	sendJson(response, typeof result === 'string' ? result : JSON.stringify(result ?? {}));
}

async function upgrade(
	routes: Routes,
	request: IncomingMessage,
	{socket, head}: {readonly socket: Socket; readonly head: Uint8Array},
	{route, query, since}: Asked,
): Promise<void> {
	const found = request.headers['muster-protocol'];
	if (found !== protocolVersion) {
		throw new ClusterError('unreachable', `The daemon speaks protocol ${protocolVersion}, not ${found ?? 'none'}.`);
	}

	const take = routes.upgrades[`${route} ${request.headers.upgrade}`];
	if (!take) {
		throw unknownRoute(route);
	}

	await take({query, since, body: undefined}, socket, head);
}

function parseTarget({method, url = '/'}: IncomingMessage) {
	const {pathname, searchParams} = new URL(url, 'http://muster');
	const query = searchParams.get('query');
	return {
		route: `${method} ${pathname}`,
		query: query === null ? undefined : parseJson(query, 'query'),
		since: searchParams.get('since') ?? undefined,
	};
}

function unknownRoute(route: string): ClusterError {
	return new ClusterError('unsupported', `The daemon does not know ${route}.`);
}
