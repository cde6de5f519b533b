import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import {protocolVersion} from '../../backends/local/protocol.ts';
import {ClusterError} from '../../core/error.ts';
import {parseJson, readBody, refuseUpgrade, sendError, sendJson} from './answer.ts';
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
};

/** By `METHOD /path`. */
export type Routes = {
	readonly answers: Readonly<Record<string, Handler>>;
	readonly lines: Readonly<Record<string, LinesHandler>>;
	readonly upgrades: Readonly<Record<string, UpgradeHandler>>;
};

/** Queries are part of it: a command to execute, the ids of 10,000 instances. */
const maxTargetBytes = 2 ** 20;

/** Answers what protocol.ts lists. */
export function createApiServer(routes: Routes): Server {
	// Not imported: the module's ESM face loads all of fetch, too.
	const {createServer} = process.getBuiltinModule('node:http');
	const options = {keepAliveTimeout: 300_000, requestTimeout: 60_000, maxHeaderSize: maxTargetBytes};
	const server = createServer(options, (request, response) => {
		handle(routes, request, response).catch(error => sendError(response, error));
	});
	server.on('upgrade', (request, socket, head) => {
		socket.on('error', () => socket.destroy());
		upgrade(routes, request, socket as Socket, head).catch(error => refuseUpgrade(socket, error));
	});
	return server;
}

async function handle(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const {route, query, since} = parseTarget(request);
	const lines = routes.lines[route];
	if (lines) {
		await sendLines(response, signal => lines({query, since, body: undefined}, signal));
		return;
	}

	const answer = routes.answers[route];
	if (!answer) {
		throw unknownRoute(route);
	}

	const body = request.method === 'POST' ? await readBody(request) : undefined;
	const result = await answer({query, since, body});
	sendJson(response, typeof result === 'string' ? result : JSON.stringify(result ?? {}));
}

async function upgrade(routes: Routes, request: IncomingMessage, socket: Socket, head: Uint8Array): Promise<void> {
	const found = request.headers['muster-protocol'];
	if (found !== protocolVersion) {
		throw new ClusterError('unreachable', `The daemon speaks protocol ${protocolVersion}, not ${found ?? 'none'}.`);
	}

	const {route, query, since} = parseTarget(request);
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
