import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {request} from 'node:http';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {httpClient} from '../../../source/backends/local/client/http-client.ts';
import {connectUpgrade} from '../../../source/backends/local/upgrade.ts';
import {ClusterError} from '../../../source/core/error.ts';
import {createApiServer, type Routes} from '../../../source/daemon/api/server.ts';
import {listenOn, type OpenSocket} from '../../../source/daemon/socket.ts';
import {until} from '../../helpers/local-engine.ts';

let folder: string;
let file: string;
let open: OpenSocket;
let written: number;
let isSourceEnded: boolean;

let disk: PromiseWithResolvers<void> | undefined;

const routes: Routes = {
	kept: () => disk?.promise ?? Promise.resolve(),
	answers: {
		'GET /v1/echo': ({query}) => ({query}),
		'POST /v1/echo': ({body}) => ({body}),
		'GET /v1/conflict': () => {
			throw new ClusterError('conflict', 'taken', {hint: 'another'});
		},
		'GET /v1/broken': () => {
			throw new Error('a bug');
		},
	},
	lines: {
		async *'GET /v1/three'() {
			yield* ['{"line":1}', '{"line":2}'];
			throw new ClusterError('expired', 'too old');
		},
		async *'GET /v1/refused'() {
			yield* [];
			throw new ClusterError('not-found', 'none');
		},
		async *'GET /v1/endless'(_, signal) {
			try {
				for (; !signal.aborted; written++) {
					yield `"${'x'.repeat(10_000)}"`;
				}
			} finally {
				isSourceEnded = true;
			}
		},
	},
	upgrades: {},
};

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-api-'));
	file = path.join(folder, 'api.sock');
	disk = undefined;
	written = 0;
	isSourceEnded = false;
	open = await listenOn(createApiServer(routes), file);
});

afterEach(async () => {
	await open.close();
	rmSync(folder, {recursive: true});
});

async function lines(path: string, signal = new AbortController().signal): Promise<unknown[]> {
	const client = httpClient(file);
	const found: unknown[] = [];
	try {
		for await (const line of client.lines(path, signal)) {
			found.push(line);
		}
	} catch (error) {
		found.push((error as ClusterError).code);
	} finally {
		client.close();
	}

	return found;
}

test('bodies and queries go in, answers and errors come out', async () => {
	const client = httpClient(file);
	expect(await client.call('POST', '/v1/echo', {a: 'ü'})).toEqual({body: {a: 'ü'}});
	expect(await client.call('GET', `/v1/echo?query=${encodeURIComponent('{"b":1}')}`)).toEqual({query: {b: 1}});
	await expect(client.call('GET', '/v1/conflict')).rejects.toMatchObject({
		code: 'conflict',
		message: 'taken',
		hint: 'another',
	});
	await expect(client.call('GET', '/v1/broken')).rejects.toMatchObject({code: 'failed', message: 'a bug'});
	await expect(client.call('GET', '/v1/none')).rejects.toMatchObject({code: 'unsupported'});
	await expect(client.call('GET', '/v1/toString')).rejects.toMatchObject({code: 'unsupported'});
	await expect(client.call('GET', '/v1/echo?query=%7B')).rejects.toMatchObject({code: 'usage'});
	client.close();
});

test('what changes something is answered when it is on the disk, or with why it is not; what only reads does not wait', async () => {
	const client = httpClient(file);
	disk = Promise.withResolvers();
	const told: string[] = [];
	const change = client.call('POST', '/v1/echo', {}).then(() => told.push('changed'));
	await client.call('GET', '/v1/echo');
	told.push('read');
	disk.resolve();
	await change;
	expect(told).toEqual(['read', 'changed']);
	disk = Promise.withResolvers();
	const lost = client.call('POST', '/v1/echo', {});
	disk.promise.catch(() => {});
	disk.reject(new ClusterError('storage', 'the disk is broken'));
	await expect(lost).rejects.toMatchObject({code: 'storage'});
	client.close();
});

test('a request that is too large, or no JSON, is refused', async () => {
	const client = httpClient(file);
	await expect(client.call('POST', '/v1/echo', 'x'.repeat(2 ** 21))).rejects.toMatchObject({
		code: expect.stringMatching(/usage|unreachable/),
	});
	client.close();
	const asked = request({socketPath: file, path: '/v1/echo', method: 'POST'});
	asked.end('not json');
	const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
	expect(response.statusCode).toBe(400);
	response.resume();
});

test('lines come until the error that ends them', async () => {
	expect(await lines('/v1/three')).toEqual([{line: 1}, {line: 2}, 'expired']);
	expect(await lines('/v1/refused')).toEqual(['not-found']);
});

test('a client that does not read holds the source back, and ends it by leaving', async () => {
	const socket = connect(file);
	socket.write('GET /v1/endless HTTP/1.1\r\nHost: m\r\n\r\n');
	socket.pause();
	let before = -1;
	await until(
		async () => {
			const same = written === before && written > 0;
			before = written;
			await new Promise(resolve => setTimeout(resolve, 50));
			return same;
		},
		Boolean,
		5000,
	);
	expect(written).toBeLessThan(1000);
	socket.destroy();
	await until(() => isSourceEnded);
});

test('an aborted reader ends without an error', async () => {
	const stop = new AbortController();
	setTimeout(() => stop.abort(), 20);
	const found = await lines('/v1/endless', stop.signal);
	expect(found.every(line => String(line).startsWith('x'))).toBe(true);
	await until(() => isSourceEnded);
});

test('when the server ends, its clients are told', async () => {
	const reading = lines('/v1/endless');
	await until(() => written > 0);
	await open.close();
	expect((await reading).at(-1)).toBe('unreachable');
	open = await listenOn(createApiServer(routes), file);
});

test('an upgrade that is not known is refused as one', async () => {
	await expect(connectUpgrade(file, '/v1/none', 'muster-session')).rejects.toMatchObject({code: 'unsupported'});
	await expect(connectUpgrade(`${file}x`, '/v1/none', 'muster-session')).rejects.toMatchObject({code: 'unreachable'});
});
