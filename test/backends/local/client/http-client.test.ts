import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {httpClient} from '../../../../source/backends/local/client/http-client.ts';
import {toClusterError} from '../../../../source/core/error.ts';

let folder: string;
let file: string;
let server: Server | undefined;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-http-'));
	file = path.join(folder, 's');
});

afterEach(async () => {
	server?.close();
	server = undefined;
	rmSync(folder, {recursive: true});
});

/** A server that answers with these pieces, each by itself, and then ends. */
async function answerWith(...pieces: string[]): Promise<void> {
	server = createServer(socket => {
		socket.on('error', () => {});
		socket.once('data', async () => {
			for (const piece of pieces) {
				await new Promise(resolve => socket.write(piece, 'latin1', resolve));
				await new Promise(resolve => setImmediate(resolve));
			}

			socket.end();
		});
	}).listen(file);
	await once(server, 'listening');
}

const head = 'HTTP/1.1 200 OK\r\nMuster-Protocol: 1\r\n';

async function call(): Promise<unknown> {
	return httpClient(file)
		.call('GET', '/')
		.catch((error: unknown) => toClusterError(error));
}

async function lines(): Promise<unknown[]> {
	const found: unknown[] = [];
	try {
		for await (const line of httpClient(file).lines('/', new AbortController().signal)) {
			found.push(line);
		}
	} catch (error) {
		found.push(toClusterError(error).code);
	}

	return found;
}

test('a body of a known length, in pieces anywhere', async () => {
	await answerWith('HTTP/1.1 200 OK\r', '\nMuster-Pro', 'tocol: 1\r\nContent-Length: 9\r\n\r', '\n{"a', '":"b"}');
	expect(await call()).toEqual({a: 'b'});
});

test('lines in chunks that are cut anywhere', async () => {
	const all = `${head}Transfer-Encoding: chunked\r\n\r\n8\r\n{"a":1}\n\r\n10\r\n{"a":2}\n{"a":3}\n\r\n0\r\n\r\n`;
	for (const size of [1, 3, 7, 1000]) {
		server?.close();
		rmSync(file, {force: true});
		await answerWith(...(all.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []));
		expect(await lines(), `pieces of ${size}`).toEqual([{a: 1}, {a: 2}, {a: 3}]);
	}
});

test('what ends too early is unreachable, not a shorter answer', async () => {
	await answerWith(`${head}Transfer-Encoding: chunked\r\n\r\n8\r\n{"a":1}\n\r\n`);
	expect(await lines()).toEqual([{a: 1}, 'unreachable']);
	server?.close();
	rmSync(file, {force: true});
	await answerWith(`${head}Content-Length: 9\r\n\r\n{"a"`);
	expect(await call()).toMatchObject({code: 'unreachable'});
});

test.each([
	['another version', 'HTTP/1.1 200 OK\r\nMuster-Protocol: 99\r\nContent-Length: 2\r\n\r\n{}', 'protocol 99'],
	['another program', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', 'something that is not muster'],
	['no HTTP', 'SSH-2.0-x\r\n', 'does not speak HTTP'],
	['no end of its head', 'x'.repeat(40_000), 'does not speak HTTP'],
	['nothing', '', 'does not speak HTTP'],
	['a broken chunk', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'a broken answer'],
])('%s is said', async (_, text, expected) => {
	await answerWith(text);
	expect(await call()).toMatchObject({code: 'unreachable', message: expect.stringContaining(expected)});
});

test('nobody there is told with its cause', async () => {
	expect(await call()).toMatchObject({code: 'unreachable', cause: {code: 'ENOENT'}});
});

test('closing ends what is open', async () => {
	server = createServer(() => {}).listen(file);
	await once(server, 'listening');
	const client = httpClient(file);
	const answer = client.call('GET', '/').catch((error: unknown) => toClusterError(error));
	await once(server, 'connection');
	client.close();
	expect(await answer).toMatchObject({code: 'unreachable'});
});
