import {describe, expect, test} from 'vitest';
import {bodyOf} from '../../../../../source/backends/local/gateway/http/body.ts';
import {
	endOfHead,
	readRequest,
	readResponse,
	writeRequest,
	writeResponse,
} from '../../../../../source/backends/local/gateway/http/head.ts';

/** `|` ends a line. */
function bytes(text: string): Buffer {
	return Buffer.from(text.replaceAll('|', '\r\n'), 'latin1');
}

function show(text: string): string {
	return text.replaceAll('\r\n', '|');
}

function attempt(read: () => string): string {
	try {
		return read();
	} catch (error) {
		const {status, message} = error as {status?: number; message: string};
		return `${status}: ${message}`;
	}
}

describe('a request', () => {
	function check(name: string, request: string, expected: string): void {
		test(name, () => {
			const data = bytes(request);
			const end = endOfHead(data, 0) ?? 0;
			const found = attempt(() => {
				const head = readRequest(data, end);
				const {keepAlive, framing, upgrade} = head;
				const traits = [keepAlive ? 'keep' : 'close', framing.type, upgrade].filter(Boolean).join(' ');
				return `${show(writeRequest(head, {address: '10.0.0.9', isSecure: false}))} ${traits}`;
			});
			expect(found).toBe(expected);
		});
	}

	const forwarded =
		'X-Forwarded-Host: a.b|Forwarded: for=10.0.0.9;proto=http;host=a.b|X-Forwarded-For: 10.0.0.9|X-Forwarded-Proto: http|';
	check(
		'plain',
		'GET / HTTP/1.1|Host: a.b|Accept: */*||',
		`GET / HTTP/1.1|Host: a.b|Accept: */*|${forwarded}| keep none`,
	);
	check(
		'what is for this hop goes',
		'GET / HTTP/1.1|Host: a.b|Connection: close, X-Own|X-Own: 1|Keep-Alive: timeout=5|Proxy-Connection: x|X: y||',
		`GET / HTTP/1.1|Host: a.b|X: y|${forwarded}| close none`,
	);
	check(
		'Connection cannot take the length away',
		'POST / HTTP/1.1|Host: a.b|Connection: content-length|Content-Length: 3||abc',
		`POST / HTTP/1.1|Host: a.b|Content-Length: 3|${forwarded}| keep length`,
	);
	check('HTTP/1.0 ends', 'GET / HTTP/1.0|Host: a.b||', `GET / HTTP/1.1|Host: a.b|${forwarded}| close none`);
	check(
		'HTTP/1.0 may stay',
		'GET / HTTP/1.0|Host: a.b|Connection: Keep-Alive||',
		`GET / HTTP/1.1|Host: a.b|${forwarded}| keep none`,
	);
	check(
		'adds to who forwarded before',
		'GET / HTTP/1.1|Host: a.b|X-Forwarded-For: 1.2.3.4|Forwarded: for=1.2.3.4||',
		'GET / HTTP/1.1|Host: a.b|X-Forwarded-Host: a.b|Forwarded: for=1.2.3.4, for=10.0.0.9;proto=http;host=a.b|X-Forwarded-For: 1.2.3.4, 10.0.0.9|X-Forwarded-Proto: http|| keep none',
	);
	check(
		'websocket',
		'GET /ws HTTP/1.1|Host: a.b|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Key: k||',
		`GET /ws HTTP/1.1|Host: a.b|Sec-WebSocket-Key: k|${forwarded}Connection: Upgrade|Upgrade: websocket|| keep none websocket`,
	);
	check(
		'two equal lengths are one',
		'POST / HTTP/1.1|Host: a.b|Content-Length: 1|Content-Length: 1||x',
		`POST / HTTP/1.1|Host: a.b|Content-Length: 1|${forwarded}| keep length`,
	);

	// What one server reads so and another otherwise is how requests are smuggled.
	check(
		'two lengths',
		'POST / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2||x',
		'400: Content-Length is no length',
	);
	check(
		'a length and chunks',
		'POST / HTTP/1.1|Host: a|Content-Length: 1|Transfer-Encoding: chunked||',
		'400: a body with two lengths',
	);
	check(
		'chunks twice',
		'POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||',
		'501: a transfer encoding other than chunked',
	);
	check(
		'another encoding',
		'POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||',
		'501: a transfer encoding other than chunked',
	);
	check('chunks of HTTP/1.0', 'POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||', '400: a body with two lengths');
	check('a signed length', 'POST / HTTP/1.1|Host: a|Content-Length: +1||x', '400: Content-Length is no length');
	check('a space before the colon', 'GET / HTTP/1.1|Host: a|X : y||', '400: a header line is no header line');
	check('a folded line', 'GET / HTTP/1.1|Host: a|X: y| z||', '400: a header line is no header line');
	check('a bare line feed', 'GET / HTTP/1.1|Host: a|X: y\nZ: z||', '400: a header holds a control character');
	check(
		'a bare line feed where it would be taken over',
		'GET / HTTP/1.1|Host: a|X-Forwarded-For: y\nZ: z||',
		'400: a header holds a control character',
	);
	check('no host', 'GET / HTTP/1.1|X: y||', '400: no Host header');
	check('two hosts', 'GET / HTTP/1.1|Host: a|Host: b||', '400: two Host headers');
	check('a method that is none', 'GE(T / HTTP/1.1|Host: a||', '400: no request of HTTP/1');
	check('HTTP/2', 'PRI * HTTP/2.0||', '400: no request of HTTP/1');
	check('CONNECT', 'CONNECT a:1 HTTP/1.1|Host: a||', '501: this is no proxy for CONNECT');
});

describe('an answer', () => {
	function check(name: string, method: string, answer: string, expected: string): void {
		test(name, () => {
			const data = bytes(answer);
			const found = attempt(() => {
				const head = readResponse(data, endOfHead(data, 0) ?? 0, method);
				return `${show(writeResponse(head, true, 1))} ${head.keepAlive ? 'keep' : 'close'} ${head.framing.type}`;
			});
			expect(found).toBe(expected);
		});
	}

	check(
		'with a length',
		'GET',
		'HTTP/1.1 200 OK|Content-Length: 2|Keep-Alive: timeout=5||hi',
		'HTTP/1.1 200 OK|Content-Length: 2|| keep length',
	);
	check(
		'in chunks',
		'GET',
		'HTTP/1.1 200 OK|Transfer-Encoding: chunked||',
		'HTTP/1.1 200 OK|Transfer-Encoding: chunked|| keep chunked',
	);
	check('until the end', 'GET', 'HTTP/1.1 200 OK|X: y||', 'HTTP/1.1 200 OK|X: y|| close close');
	check('to HEAD', 'HEAD', 'HTTP/1.1 200 OK|Content-Length: 2||', 'HTTP/1.1 200 OK|Content-Length: 2|| keep none');
	check(
		'without a body',
		'GET',
		'HTTP/1.1 304 Not Modified||',
		'HTTP/1.1 304 Not Modified||| keep none'.replace('|||', '||'),
	);
	check(
		'the server closes',
		'GET',
		'HTTP/1.1 204 No Content|Connection: close||',
		'HTTP/1.1 204 No Content|| close none',
	);
	check('no HTTP', 'GET', '220 mail ready||', '502: no answer of HTTP/1');
});

describe('a body', () => {
	/** Fed in pieces of each size, it must end at the same place. */
	function check(name: string, framing: Parameters<typeof bodyOf>[0], data: string, expected: string): void {
		test(name, () => {
			for (const size of [1, 2, 3, 7, 1000]) {
				const all = bytes(data);
				const body = bodyOf(framing);
				const found = attempt(() => {
					let taken = 0;
					while (taken < all.length && !body.isOver) {
						taken += body.take(all.subarray(taken, taken + size));
					}

					return `${body.isOver ? 'over' : 'open'} then ${show(all.toString('latin1', taken))}`;
				});
				expect(found).toBe(expected);
			}
		});
	}

	check('none', {type: 'none'}, 'GET', 'over then GET');
	check('by length', {type: 'length', bytes: 3}, 'abcGET', 'over then GET');
	check('by length, not whole', {type: 'length', bytes: 9}, 'abc', 'open then ');
	const chunked = {type: 'chunked'} as const;
	check('chunks', chunked, '3;x=y|abc|10|0123456789abcdef|0||GET', 'over then GET');
	check('trailers', chunked, '0|X: y||GET', 'over then GET');
	check('a chunk that is too long', chunked, '1|abc|0||', '400: a chunk that is longer than it says');
	check('no size', chunked, 'x|abc|0||', '400: a chunk without a size');
	check('a negative size', chunked, '-1|abc|0||', '400: a chunk without a size');
	check('a bare line feed', chunked, '3\nabc|0||', '400: a chunk with a bare line feed');
});
