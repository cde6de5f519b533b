import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import {protocolVersion, type WireError} from '../../backends/local/protocol.ts';
import {ClusterError, type ErrorCode, toClusterError} from '../../core/error.ts';
import {expositionType} from '../../core/exposition.ts';

/** The largest is a config or secret of 1 MiB in base64; what is larger is a mistake. */
const maxBodyBytes = 2 ** 21;

const httpStatus: Readonly<Record<ErrorCode, number>> = {
	usage: 400,
	'not-allowed': 403,
	'not-found': 404,
	conflict: 409,
	expired: 410,
	failed: 500,
	unsupported: 501,
	unreachable: 503,
	timeout: 504,
	storage: 507,
};

export function sendJson(response: ServerResponse, json: string): void {
	const body = Buffer.from(json);
	response.writeHead(200, {
		'content-type': 'application/json',
		'content-length': body.length,
		'muster-protocol': protocolVersion,
	});
	response.end(body);
}

export function sendText(response: ServerResponse, text: string): void {
	const body = Buffer.from(text);
	response.writeHead(200, {'content-type': expositionType, 'content-length': body.length});
	response.end(body);
}

/** Begins an answer of many lines. */
export function sendLinesHead(response: ServerResponse): void {
	response.writeHead(200, {'content-type': 'application/x-ndjson', 'muster-protocol': protocolVersion});
	response.flushHeaders();
}

export function sendError(response: ServerResponse, thrown: unknown): void {
	const error = toClusterError(thrown);
	if (response.headersSent) {
		response.end(`${JSON.stringify({type: 'error', error: wireError(error)})}\n`);
		return;
	}

	const body = Buffer.from(JSON.stringify({error: wireError(error)}));
	response.writeHead(httpStatus[error.code], {
		'content-type': 'application/json',
		'content-length': body.length,
		'muster-protocol': protocolVersion,
	});
	response.end(body);
}

/** The answer to an upgrade request that is refused. */
export function refuseUpgrade(socket: Duplex, thrown: unknown): void {
	const error = toClusterError(thrown);
	const body = JSON.stringify({error: wireError(error)});
	socket.end(
		`HTTP/1.1 ${httpStatus[error.code]} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\nmuster-protocol: ${protocolVersion}\r\n\r\n${body}`,
	);
}

export function wireError({code, message, hint}: ClusterError): WireError {
	return {code, message, ...(hint === undefined ? {} : {hint})};
}

export async function readBody(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > maxBodyBytes) {
			throw new ClusterError('usage', `the request is larger than ${maxBodyBytes} bytes`);
		}

		chunks.push(chunk);
	}

	return parseJson(Buffer.concat(chunks).toString('utf8'), 'the request');
}

export function parseJson(text: string, what: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw notJson(what, text, error);
	}
}

function notJson(what: string, text: string, cause: unknown): ClusterError {
	return new ClusterError('usage', `${what}: must be JSON, found ${JSON.stringify(text.slice(0, 60))}`, {cause});
}
