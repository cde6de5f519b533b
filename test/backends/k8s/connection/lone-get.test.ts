import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import {createServer, type Server, type Socket} from 'node:net';
import {afterEach, expect, test} from 'vitest';
import {loneGet, wholeAnswer} from '../../../../source/backends/k8s/connection/lone-get.ts';

function check(what: string, text: string, expected: readonly [number, string] | RegExp): void {
	test(what, () => {
		const read = () => wholeAnswer(Buffer.from(text.replaceAll('\n', '\r\n')));
		if (expected instanceof RegExp) {
			expect(read).toThrow(expected);
			return;
		}

		const {status, body} = read();
		expect([status, body.toString('utf8')]).toEqual(expected);
	});
}

check('with a length', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhallo', [200, 'hallo']);
check('as long as the connection lasts', 'HTTP/1.0 403 Forbidden\n\nno', [403, 'no']);
check('in chunks', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nhal\n2;x=y\nlo\n0\n\n', [200, 'hallo']);
check('without a body', 'HTTP/1.1 304 Not Modified\nETag: "x"\nContent-Length: 0\n\n', [304, '']);
check('broken off before its length', 'HTTP/1.1 200 OK\nContent-Length: 6\n\nhallo', /in the middle of an answer/);
check('broken off in a chunk', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nha', /in the middle of an answer/);
check(
	'without the last chunk',
	'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nhal\n',
	/in the middle of an answer/,
);
check('a length that is none', 'HTTP/1.1 200 OK\nContent-Length: x\n\nhallo', /in the middle of an answer/);
check('nothing at all', '', /in the middle of an answer/);
check('no HTTP', 'SSH-2.0-OpenSSH\n\n', /does not speak HTTP/);

let server: Server | undefined;
afterEach(() => new Promise<void>(resolve => (server ? server.close(() => resolve()) : resolve())));

async function asking(answer: (socket: Socket, asked: string) => void, signal = new AbortController().signal) {
	server = createServer(socket => {
		socket.on('error', () => {});
		socket.on('data', data => answer(socket, data.toString('latin1')));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	return loneGet({base, path: '/x?limit=5', headers: {accept: 'a/b'}, tls: {}, signal, silenceMs: 200});
}

test('asks for one thing, and that the connection ends with it', async () => {
	let heard = '';
	const {body} = await asking((socket, asked) => {
		heard = asked;
		socket.end('HTTP/1.1 200 OK\r\n\r\nyes');
	});
	expect(body.toString()).toBe('yes');
	expect(heard).toMatch(
		/^GET \/x\?limit=5 HTTP\/1\.1\r\naccept: a\/b\r\nhost: 127\.0\.0\.1:\d+\r\nconnection: close\r\n\r\n$/,
	);
});

test('whoever is silent is given up', async () => {
	await expect(asking(() => {})).rejects.toMatchObject({code: 'ETIMEDOUT'});
});

test('it is broken off when nobody wants it any more', async () => {
	const ending = new AbortController();
	const why = new Error('enough');
	await expect(asking(() => ending.abort(why), ending.signal)).rejects.toBe(why);
});

// It took 60 s to be told of a host that accepts connections and then says nothing.
test('a host that never proves who it is is given up before a slow answer would be', async () => {
	server = createServer(socket => socket.on('error', () => {}).resume());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const base = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	const {signal} = new AbortController();
	const asked = loneGet({base, path: '/x', headers: {}, tls: {}, signal, silenceMs: 60_000, openingMs: 50});
	await expect(asked).rejects.toMatchObject({code: 'ETIMEDOUT'});
});
