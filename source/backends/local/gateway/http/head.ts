/**
 * Heads of HTTP/1 messages: read strictly (what two readers could understand differently is refused, so that nobody smuggles
 * a request past the rules), and written anew without what is meant for one hop only.
 */

/** How the end of a message's body is known. */
export type Framing =
	| {readonly type: 'none'}
	| {readonly type: 'length'; readonly bytes: number}
	| {readonly type: 'chunked'}
	/** By the end of the connection. */
	| {readonly type: 'close'};

type Head = {
	/** Of HTTP/1.x. */
	readonly minor: number;
	/** The header lines that go on to the other side, each with its line break. */
	readonly lines: string;
	/** The sender keeps the connection for another message. */
	readonly keepAlive: boolean;
	readonly framing: Framing;
	/** The protocol that it wants to change to. */
	readonly upgrade: string | undefined;
};

export type RequestHead = Head & {
	readonly method: string;
	readonly target: string;
	readonly host: string | undefined;
	readonly cookie: string | undefined;
	readonly forwarded: string | undefined;
	readonly forwardedFor: string | undefined;
};

export type ResponseHead = Head & {
	readonly status: number;
	readonly reason: string;
	/** What the server says of idle connections, in seconds. */
	readonly keepAliveSeconds: number | undefined;
};

/** A message that cannot be passed on, with the status that says so. */
export class BadMessage extends Error {
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

export const maxHeadBytes = 65_536;

const headEnd = Buffer.from('\r\n\r\n');
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Where a head that begins at 0 ends, its last line break included; undefined: it is not all there yet. */
export function endOfHead(data: Buffer, from: number): number | undefined {
	const end = data.indexOf(headEnd, Math.max(0, from - 3));
	return end < 0 ? undefined : end + 4;
}

type Fields = {
	lines: string;
	host?: string;
	cookie?: string;
	forwarded?: string;
	forwardedFor?: string;
	keepAlive?: string;
	connection: string;
	upgrade?: string;
	length?: string;
	isChunked: boolean;
};

/** Lines are cut out of the text, what stands between them is taken over as it is. */
function readFields(text: string, from: number): Fields {
	const fields: Fields = {lines: '', connection: '', isChunked: false};
	let keptFrom = from;
	let at = from;
	const end = text.length - 2;
	while (at < end) {
		const lineEnd = text.indexOf('\r\n', at);
		const colon = text.indexOf(':', at);
		if (colon < 0 || colon > lineEnd || !token.test(text.slice(at, colon))) {
			throw new BadMessage(400, 'a header line is no header line');
		}

		if (!takeField(fields, text.slice(at, colon).toLowerCase(), text.slice(colon + 1, lineEnd).trim())) {
			fields.lines += text.slice(keptFrom, at);
			keptFrom = lineEnd + 2;
		}

		at = lineEnd + 2;
	}

	fields.lines += text.slice(keptFrom, end);
	// A bare line feed or carriage return, and NUL, are line breaks to some.
	if (/\0|\r[^\n]|[^\r]\n/.test(text)) {
		throw new BadMessage(400, 'a header holds a control character');
	}

	return fields;
}

/** False: the line is for this hop only. */
function takeField(fields: Fields, name: string, value: string): boolean {
	switch (name) {
		case 'host':
			if (fields.host !== undefined) {
				throw new BadMessage(400, 'two Host headers');
			}

			fields.host = value;
			return true;
		case 'cookie':
			fields.cookie = fields.cookie === undefined ? value : `${fields.cookie}; ${value}`;
			return true;
		case 'forwarded':
			fields.forwarded = fields.forwarded === undefined ? value : `${fields.forwarded}, ${value}`;
			return false;
		case 'x-forwarded-for':
			fields.forwardedFor = fields.forwardedFor === undefined ? value : `${fields.forwardedFor}, ${value}`;
			return false;
		case 'x-forwarded-proto':
		case 'x-forwarded-host':
		case 'x-real-ip':
		case 'proxy-connection':
			return false;
		case 'connection':
			fields.connection += `,${value.toLowerCase()}`;
			return false;
		case 'keep-alive':
			fields.keepAlive = value;
			return false;
		case 'upgrade':
			fields.upgrade = value;
			return false;
		case 'content-length':
			if (!/^\d{1,15}$/.test(value) || (fields.length !== undefined && fields.length !== value)) {
				throw new BadMessage(400, 'Content-Length is no length');
			}

			// One of several equal ones is enough.
			if (fields.length !== undefined) {
				return false;
			}

			fields.length = value;
			return true;
		case 'transfer-encoding':
			if (fields.isChunked || value.toLowerCase() !== 'chunked') {
				throw new BadMessage(501, 'a transfer encoding other than chunked');
			}

			fields.isChunked = true;
			return true;
		default:
			return true;
	}
}

/** Takes away what the Connection header names, which is for this hop only, too. */
function withoutNamed({lines, connection}: Fields): string {
	if (connection === '' || /^(,(keep-alive|close|upgrade| )*)+$/.test(connection)) {
		return lines;
	}

	const named = new Set(connection.split(',').map(name => name.trim()));
	// Whoever names these to have them dropped means harm.
	for (const name of ['', 'host', 'content-length', 'transfer-encoding', 'cookie', 'authorization']) {
		named.delete(name);
	}

	return lines
		.split('\r\n')
		.filter(line => !named.has(line.slice(0, line.indexOf(':')).toLowerCase()))
		.join('\r\n');
}

function keepsAlive({connection}: Fields, minor: number): boolean {
	return minor === 0 ? connection.includes('keep-alive') : !connection.includes('close');
}

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([!-~\x80-\xff]{1,16384}) HTTP\/1\.([01])\r\n/;
const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: ([^\r\n]*))?\r\n/;

export function readRequest(data: Buffer, end: number): RequestHead {
	const text = data.toString('latin1', 0, end);
	const found = requestLine.exec(text);
	if (!found) {
		throw new BadMessage(400, 'no request of HTTP/1');
	}

	const [{length}, method = '', target = '', minorText] = found;
	const minor = Number(minorText);
	const fields = readFields(text, length);
	if (fields.isChunked && (fields.length !== undefined || minor === 0)) {
		throw new BadMessage(400, 'a body with two lengths');
	}

	if (fields.host === undefined && minor === 1) {
		throw new BadMessage(400, 'no Host header');
	}

	if (method === 'CONNECT') {
		throw new BadMessage(501, 'this is no proxy for CONNECT');
	}

	const bytes = Number(fields.length ?? 0);
	return {
		method,
		target,
		minor,
		lines: withoutNamed(fields),
		keepAlive: keepsAlive(fields, minor),
		framing: fields.isChunked ? {type: 'chunked'} : bytes > 0 ? {type: 'length', bytes} : {type: 'none'},
		upgrade: minor === 1 && fields.connection.includes('upgrade') ? fields.upgrade : undefined,
		host: fields.host,
		cookie: fields.cookie,
		forwarded: fields.forwarded,
		forwardedFor: fields.forwardedFor,
	};
}

/** `method`: of the request that it answers, for the answer to HEAD has no body whatever it says. */
export function readResponse(data: Buffer, end: number, method: string): ResponseHead {
	const text = data.toString('latin1', 0, end);
	const found = statusLine.exec(text);
	if (!found) {
		throw new BadMessage(502, 'no answer of HTTP/1');
	}

	const [{length}, minorText, statusText, reason = ''] = found;
	const minor = Number(minorText);
	const status = Number(statusText);
	const fields = readFields(text, length);
	const hasBody = method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
	const isTold = fields.isChunked || fields.length !== undefined || !hasBody;
	const seconds = /timeout=(\d+)/.exec(fields.keepAlive ?? '')?.[1];
	return {
		minor,
		status,
		reason,
		lines: withoutNamed(fields),
		keepAlive: isTold && keepsAlive(fields, minor),
		framing: framingOf(fields, hasBody),
		upgrade: fields.upgrade,
		keepAliveSeconds: seconds === undefined ? undefined : Number(seconds),
	};
}

function framingOf({isChunked, length}: Fields, hasBody: boolean): Framing {
	if (!hasBody) {
		return {type: 'none'};
	}

	if (isChunked) {
		return {type: 'chunked'};
	}

	return length === undefined ? {type: 'close'} : {type: 'length', bytes: Number(length)};
}

export type Client = {readonly address: string; readonly isSecure: boolean};

/** The request for a target: with who asks, and over a connection that is kept. */
export function writeRequest(head: RequestHead, {address, isSecure}: Client): string {
	const {method, target, lines, host, forwarded, forwardedFor, upgrade} = head;
	const protocol = isSecure ? 'https' : 'http';
	const node = address.includes(':') ? `"[${address}]"` : address;
	const own = `for=${node};proto=${protocol}${host === undefined ? '' : `;host=${quoted(host)}`}`;
	return `${method} ${target} HTTP/1.1\r\n${lines}${
		host === undefined ? 'Host: localhost\r\n' : `X-Forwarded-Host: ${host}\r\n`
	}Forwarded: ${forwarded === undefined ? '' : `${forwarded}, `}${own}\r\nX-Forwarded-For: ${
		forwardedFor === undefined ? '' : `${forwardedFor}, `
	}${address}\r\nX-Forwarded-Proto: ${protocol}\r\n${
		upgrade === undefined ? '' : `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`
	}\r\n`;
}

function quoted(host: string): string {
	return /^[\w!#$%&'*+.^`|~-]+$/.test(host) ? host : `"${host.replace(/["\\]/g, '\\$&')}"`;
}

/** The answer for a client. `more`: further header lines. */
export function writeResponse(
	{status, reason, lines}: ResponseHead,
	keepAlive: boolean,
	minor: number,
	more = '',
): string {
	const connection = keepAlive ? (minor === 0 ? 'Connection: keep-alive\r\n' : '') : 'Connection: close\r\n';
	return `HTTP/1.1 ${status} ${reason}\r\n${lines}${more}${connection}\r\n`;
}

const reasons: Readonly<Record<number, string>> = {
	400: 'Bad Request',
	404: 'Not Found',
	408: 'Request Timeout',
	431: 'Request Header Fields Too Large',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/** What the gateway says by itself. */
export function ownAnswer(status: number, message: string, keepAlive: boolean, isHead = false): string {
	const body = `${message}\n`;
	const retry = status === 503 ? 'Retry-After: 1\r\n' : '';
	return `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${retry}${
		keepAlive ? '' : 'Connection: close\r\n'
	}\r\n${isHead ? '' : body}`;
}
