import {mkdtempSync, rmSync} from 'node:fs';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {AnswerReader} from '../../../../source/backends/swarm/connection/http-answer.ts';
import {httpClient} from '../../../../source/backends/swarm/connection/http-client.ts';

/** The answer read in pieces of every size is the same; what it lacks its last byte is none yet. */
function check(what: string, text: string, expected: unknown): void {
	test(what, () => {
		const bytes = Buffer.from(text.replaceAll('\n', '\r\n'));
		for (let size = 1; size <= bytes.length; size++) {
			const reader = new AnswerReader();
			const read = [];
			for (let at = 0; at < bytes.length; at += size) read.push(reader.read(bytes.subarray(at, at + size)));
			const answer = read.pop();
			expect(read.every(one => one === undefined)).toBe(true);
			expect(answer && [answer.status, answer.body]).toEqual(expected);
		}
	});
}

describe('an answer', () => {
	check('with a length', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhallo', [200, 'hallo']);
	check('in chunks', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nhal\n2\nlo\n0\n\n', [200, 'hallo']);
	check('without a body', 'HTTP/1.1 304 Not Modified\nETag: "x"\n\n', [304, '']);
	check('with letters of several bytes', 'HTTP/1.1 404 Not Found\nContent-Length: 6\n\nübel!', [404, 'übel!']);

	test('that is none is refused', () => {
		expect(() => new AnswerReader().read(Buffer.from('SSH-2.0-OpenSSH\r\n\r\n'))).toThrow('does not speak HTTP');
		expect(() => new AnswerReader().read(Buffer.alloc(100_000, 'x'))).toThrow('does not speak HTTP');
	});
});

describe('requests', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-get-'));
	const socketPath = path.join(folder, 's');
	let server: net.Server;
	let connections = 0;
	let answer: (socket: net.Socket, asked: number) => void;

	beforeEach(async () => {
		connections = 0;
		server = net.createServer(socket => {
			connections++;
			let asked = 0;
			socket.on('error', () => {});
			socket.on('data', () => answer(socket, ++asked));
		});
		await new Promise<void>(resolve => server.listen(socketPath, resolve));
	});
	afterEach(async () => {
		await new Promise(resolve => server.close(resolve));
		rmSync(socketPath, {force: true});
	});

	const good = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
	const open = (most = 32) => httpClient(() => net.connect(socketPath), most);
	const timeoutMs = 20_000;

	test('follow each other over one connection', async () => {
		answer = (socket, asked) => socket.write(good(String(asked)));
		const http = open();
		const bodies = [];
		for (let index = 0; index < 3; index++) bodies.push((await http.get('/', {timeoutMs})).body);
		http.close();
		expect([bodies, connections]).toEqual([['1', '2', '3'], 1]);
	});

	test('are asked again where a kept connection is closed at that moment, and only then', async () => {
		answer = (socket, asked) => (asked === 1 ? socket.write(good('first')) : socket.destroy());
		const http = open();
		await http.get('/', {timeoutMs});
		expect((await http.get('/', {timeoutMs})).body).toBe('first');
		expect(connections).toBe(2);
		answer = socket => socket.destroy();
		await expect(http.get('/', {timeoutMs})).rejects.toThrow('closed');
		http.close();
	});

	test('that may not be asked twice are not, and carry what they were given', async () => {
		const heard: string[] = [];
		server.on('connection', socket => socket.on('data', data => void heard.push(data.toString())));
		answer = socket => socket.write(good('made'));
		const http = open();
		const body = '{"Name":"ü"}';
		const request = {method: 'POST', path: '/made', headers: {'X-Auth': 'me'}, body} as const;
		expect((await http.send(request, {timeoutMs})).body).toBe('made');
		expect(heard).toEqual([
			`POST /made HTTP/1.1\r\nHost: docker\r\nX-Auth: me\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n${body}`,
		]);
		answer = socket => socket.destroy();
		await expect(http.send(request, {timeoutMs})).rejects.toThrow('closed');
		expect(heard.length).toBe(2);
		http.close();
	});

	test('that may not be asked twice have a connection of their own where the kept one has rested for long', async () => {
		answer = socket => socket.write(good('x'));
		const http = open();
		const send = async () => http.send({method: 'POST', path: '/', body: '{}'}, {timeoutMs});
		await http.get('/', {timeoutMs});
		await send();
		expect(connections).toBe(1);
		const later = performance.now() + 3000;
		const now = vi.spyOn(performance, 'now').mockImplementation(() => later);
		await send().finally(() => now.mockRestore());
		http.close();
		expect(connections).toBe(2);
	});

	test('wait for a connection where no more are wanted', async () => {
		answer = socket => socket.write(good('x'));
		const http = open(2);
		const all = await Promise.all(Array.from({length: 9}, async () => http.get('/', {timeoutMs})));
		http.close();
		expect([all.length, connections]).toEqual([9, 2]);
	});

	test('that are not answered end by their time, or by whoever asked', async () => {
		answer = () => {};
		const http = open(1);
		await expect(http.get('/', {timeoutMs: 20})).rejects.toMatchObject({code: 'ETIMEDOUT'});
		const stop = new AbortController();
		const asked = http.get('/', {timeoutMs, signal: stop.signal});
		stop.abort(new Error('enough'));
		await expect(asked).rejects.toThrow('enough');
		answer = socket => socket.write(good('again'));
		expect((await http.get('/', {timeoutMs})).body).toBe('again');
		http.close();
	});
});
