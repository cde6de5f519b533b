import type {Socket} from 'node:net';
import type {ConnectionOptions} from 'node:tls';
import {type HttpHead, headEnd, isChunked, parseHead} from '../../../core/http-head.ts';
import {limitOpening, openingMs} from './opening.ts';

/** An answer that has arrived whole. */
export type LoneAnswer = HttpHead & {readonly body: Buffer};

export type LoneRequest = {
	readonly base: URL;
	/** Below the server, with its query. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly tls: ConnectionOptions;
	readonly signal: AbortSignal;
	readonly silenceMs: number;
	readonly openingMs?: number;
};

/**
 * GET over a connection that serves for nothing else. By hand: where one list is all that is asked for, loading node:https and
 * its agent is a tenth of the command.
 */
export function loneGet(request: LoneRequest): Promise<LoneAnswer> {
	const {base, path, headers, tls, signal, silenceMs} = request;
	return new Promise((resolve, reject) => {
		signal.throwIfAborted();
		const socket = connect(base, tls);
		limitOpening(socket, request.openingMs ?? openingMs);
		const arrived: Buffer[] = [];
		const abort = () => socket.destroy(signal.reason);
		signal.addEventListener('abort', abort, {once: true});
		socket.on('close', () => signal.removeEventListener('abort', abort));
		socket.setTimeout(silenceMs, () => socket.destroy(withCode('it does not answer', 'ETIMEDOUT')));
		socket.on('error', reject);
		socket.on('data', (data: Buffer) => arrived.push(data));
		socket.on('end', () => {
			socket.destroy();
			try {
				resolve(wholeAnswer(Buffer.concat(arrived)));
			} catch (error) {
				reject(error);
			}
		});
		const lines = Object.entries({...headers, host: base.host, connection: 'close'});
		socket.write(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
	});
}

function connect({protocol, hostname, port}: URL, tls: ConnectionOptions): Socket {
	const host = hostname.replace(/^\[|\]$/g, '');
	const net = process.getBuiltinModule('node:net');
	if (protocol === 'http:') return net.connect({host, port: Number(port || 80)});
	return process.getBuiltinModule('node:tls').connect({
		host,
		port: Number(port || 443),
		ALPNProtocols: ['http/1.1'],
		...(net.isIP(host) === 0 && {servername: host}),
		...tls,
	});
}

/** Of all bytes of a connection that the server has ended. Throws where it ended too early, or does not speak HTTP. */
export function wholeAnswer(bytes: Buffer): LoneAnswer {
	if (bytes.length === 0) throw brokenOff();
	const end = bytes.indexOf(headEnd);
	const head = parseHead(bytes.toString('latin1', 0, Math.max(end, 0)));
	const rest = bytes.subarray(end + headEnd.length);
	return {...head, body: isChunked(head) ? unchunked(rest) : ofLength(rest, head)};
}

function ofLength(rest: Buffer, {headers}: HttpHead): Buffer {
	const told = headers.get('content-length');
	const length = told === undefined ? rest.length : Number(told);
	if (!(rest.length >= length)) throw brokenOff();
	return rest.subarray(0, length);
}

function unchunked(rest: Buffer): Buffer {
	const pieces: Buffer[] = [];
	for (let at = 0; ; ) {
		const end = rest.indexOf('\r\n', at);
		const length = end === -1 ? Number.NaN : Number.parseInt(rest.toString('latin1', at, end), 16);
		if (length === 0) return Buffer.concat(pieces);
		const from = end + 2;
		if (!(from + length <= rest.length)) throw brokenOff();
		pieces.push(rest.subarray(from, from + length));
		at = from + length + 2;
	}
}

function brokenOff(): Error {
	return withCode('the connection ended in the middle of an answer', 'ECONNRESET');
}

function withCode(message: string, code: string): Error {
	return Object.assign(new Error(message), {code});
}
