import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {connect as connectTls} from 'node:tls';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type RemoteEndpoint, tlsFor} from '../../../source/backends/local/client/endpoint.ts';
import {httpClient} from '../../../source/backends/local/client/http-client.ts';
import {connectUpgrade} from '../../../source/backends/local/upgrade.ts';
import type {Granted, Role} from '../../../source/core/access.ts';
import {AccessBoard} from '../../../source/daemon/access/access-board.ts';
import type {AccessRecord} from '../../../source/daemon/access/access-log.ts';
import {openAuthority} from '../../../source/daemon/access/authority.ts';
import {createGate} from '../../../source/daemon/access/gate.ts';
import {listenByTcp, type TcpListener, tlsOptions} from '../../../source/daemon/access/tcp-listener.ts';
import {createTlsApiServer, type Routes} from '../../../source/daemon/api/server.ts';
import {until} from '../../helpers/local-engine.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

const dayMs = 86_400_000;

let folder: string;
let board: AccessBoard;
let listener: TcpListener;
let now: number;
/** What got through to the API. */
let reached: string[];
let records: AccessRecord[];

const routes: Routes = {
	answers: {
		'GET /v1/list': () => void reached.push('list'),
		'POST /v1/apply': () => void reached.push('apply'),
		'POST /v1/access/grant': () => void reached.push('grant'),
		'GET /v1/not-in-the-table': () => void reached.push('unlisted'),
	},
	lines: {
		async *'GET /v1/watch'(_, signal) {
			yield '{"line":1}';
			await once(signal, 'abort');
		},
	},
	upgrades: {
		'GET /v1/agent muster-agent': () => void reached.push('agent'),
	},
};

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-access-'));
	now = Date.now();
	reached = [];
	records = [];
	board = new AccessBoard(path.join(folder, 'access'), () => now);
	const gate = createGate(board, {record: record => records.push(record)}, () => now);
	const server = createTlsApiServer(routes, tlsOptions(board), gate);
	listener = await listenByTcp(server, {host: '127.0.0.1', port: 0}, board, () => now);
});

afterEach(async () => {
	await listener.close();
	rmSync(folder, {recursive: true});
});

function endpointOf({identity}: Pick<Granted, 'identity'>, authority?: string): RemoteEndpoint {
	const [certificate = '', own = ''] =
		identity.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
	const [key = ''] = identity.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/) ?? [];
	return {name: 'local:x', ...listener.where, certificate, key, authority: authority ?? own};
}

function granted(role: Role, name: string = role): Granted {
	return board.grant({name, role, forMs: dayMs});
}

/** `done`, or the code of what was refused. */
async function ask(endpoint: RemoteEndpoint, method: 'GET' | 'POST', route: string): Promise<string> {
	const client = httpClient(endpoint);
	try {
		await client.call(method, route, method === 'POST' ? {} : undefined);
		return 'done';
	} catch (error) {
		return String((error as {code?: unknown}).code);
	} finally {
		client.close();
	}
}

test('each role may what it may, and no more', async () => {
	const table: string[] = [];
	for (const role of ['viewer', 'operator', 'admin'] as const) {
		const endpoint = endpointOf(granted(role));
		for (const [method, route] of [
			['GET', '/v1/list'],
			['POST', '/v1/apply'],
			['POST', '/v1/access/grant'],
			['GET', '/v1/not-in-the-table'],
		] as const) {
			table.push(`${role} ${route} ${await ask(endpoint, method, route)}`);
		}
	}

	expect(table).toEqual([
		'viewer /v1/list done',
		'viewer /v1/apply not-allowed',
		'viewer /v1/access/grant not-allowed',
		'viewer /v1/not-in-the-table unsupported',
		'operator /v1/list done',
		'operator /v1/apply done',
		'operator /v1/access/grant not-allowed',
		'operator /v1/not-in-the-table unsupported',
		'admin /v1/list done',
		'admin /v1/apply done',
		'admin /v1/access/grant done',
		'admin /v1/not-in-the-table unsupported',
	]);
	expect(reached).toEqual(['list', 'list', 'apply', 'list', 'apply', 'grant']);
	expect(records.map(({who, route, failed}) => `${who} ${route} ${failed?.code ?? 'done'}`)).toContain(
		'viewer (viewer) from 127.0.0.1 POST /v1/apply not-allowed',
	);
	expect(records.map(({who, route}) => `${who} ${route}`)).toContain(
		'operator (operator) from 127.0.0.1 POST /v1/apply',
	);
});

test('nobody gets in without a certificate, with one of another authority, or with one that has expired', async () => {
	const good = granted('admin');
	const foreign = openAuthority(path.join(folder, 'foreign'), () => now).client('admin', now + dayMs);
	const expired = board.authority.client('old', now - dayMs);
	const {authority} = endpointOf(good);
	expect(await ask({...endpointOf(good), certificate: '', key: ''}, 'GET', '/v1/list')).toBe('not-allowed');
	for (const {certificate, key} of [foreign, expired]) {
		// Node ends these after the handshake, without an alert.
		expect(await ask({...endpointOf(good), certificate, key, authority}, 'GET', '/v1/list')).toBe('unreachable');
	}

	// The server's own certificate is for servers.
	const {certificate, key} = board.authority.server();
	expect(await ask({...endpointOf(good), certificate, key}, 'GET', '/v1/list')).toBe('unreachable');
	// And a client that trusts another authority does not talk to this server.
	const other = openAuthority(path.join(folder, 'other'), () => now).certificate;
	expect(await ask(endpointOf(good, other), 'GET', '/v1/list')).toBe('unreachable');
	expect(reached).toEqual([]);
	expect(await ask(endpointOf(good), 'GET', '/v1/list')).toBe('done');
});

test('a certificate that was signed but is not in the list has no access; nor has one whose time is over', async () => {
	const endpoint = endpointOf(granted('admin'));
	const {certificate, key} = board.authority.client('nobody', now + dayMs);
	expect(await ask({...endpoint, certificate, key}, 'GET', '/v1/list')).toBe('not-allowed');
	now += 2 * dayMs;
	expect(await ask(endpoint, 'GET', '/v1/list')).toBe('unreachable');
	expect(reached).toEqual([]);
});

test('taking access away, or a new certificate, ends what is open', async () => {
	for (const end of [() => board.revoke('viewer'), () => void board.rotate({name: 'viewer', forMs: dayMs})]) {
		const endpoint = endpointOf(granted('viewer'));
		const client = httpClient(endpoint);
		const lines = client.lines('/v1/watch', new AbortController().signal)[Symbol.asyncIterator]();
		expect((await lines.next()).value).toEqual({line: 1});
		const next = lines.next();
		end();
		await expect(next).rejects.toMatchObject({code: 'unreachable'});
		expect(await ask(endpoint, 'GET', '/v1/list')).toBe('not-allowed');
		client.close();
		if (board.list().length > 0) {
			board.revoke('viewer');
		}
	}
});

test('what agents and the gateway use is not reached, whoever asks', async () => {
	const endpoint = endpointOf(granted('admin'));
	await expect(connectUpgrade(endpoint, '/v1/agent', 'muster-agent')).rejects.toMatchObject({code: 'unsupported'});
	expect(reached).toEqual([]);
});

/** Everything that the other side says until it ends the connection. */
async function said(bytes: Uint8Array): Promise<Buffer> {
	const socket = connect(listener.where);
	const chunks: Buffer[] = [];
	socket.on('data', chunk => chunks.push(chunk));
	socket.on('error', () => {});
	socket.end(bytes);
	await once(socket, 'close');
	return Buffer.concat(chunks);
}

test('plain HTTP and noise are never answered as HTTP, and reach nothing', async () => {
	const random = seededRandom(7);
	const requests = [
		'GET /v1/list HTTP/1.1\r\nHost: x\r\n\r\n',
		'POST /v1/apply HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}',
	];
	const noise = Array.from({length: 200}, () =>
		Buffer.from(Array.from({length: 1 + Math.floor(random() * 300)}, () => Math.floor(random() * 256))),
	);
	// A beginning of TLS, and then noise.
	const torn = noise.slice(0, 100).map(bytes => Buffer.concat([Buffer.from('1603010200010001fc0303', 'hex'), bytes]));
	for (const bytes of [...requests.map(text => Buffer.from(text)), ...noise, ...torn]) {
		const answer = await said(bytes);
		expect(answer.includes('HTTP/')).toBe(false);
		expect(answer.length).toBeLessThan(100);
	}

	expect(reached).toEqual([]);
	expect(await ask(endpointOf(granted('viewer')), 'GET', '/v1/list')).toBe('done');
});

test('noise from one with a certificate is an error and no more', async () => {
	const random = seededRandom(11);
	const endpoint = endpointOf(granted('operator'));
	for (let round = 0; round < 60; round++) {
		const socket = connectTls({...tlsFor(endpoint), ...listener.where});
		socket.on('error', () => {});
		socket.resume();
		const start = ['', 'GET ', 'POST /v1/apply HTTP/1.1\r\n', 'GET /v1/list?query=%7B HTTP/1.1\r\nHost: x\r\n\r\n'][
			round % 4
		];
		socket.end(start + String.fromCharCode(...Array.from({length: 40}, () => Math.floor(random() * 256))));
		await once(socket, 'close');
	}

	expect(reached).toEqual([]);
	expect(await ask(endpoint, 'POST', '/v1/apply')).toBe('done');
});

test('older TLS is not spoken', async () => {
	const socket = connectTls({
		...tlsFor(endpointOf(granted('admin'))),
		...listener.where,
		minVersion: 'TLSv1.2',
		maxVersion: 'TLSv1.2',
	});
	const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
	expect(error.code).toContain('PROTOCOL_VERSION');
});

test('a port that is taken is said so', async () => {
	const gate = createGate(board, {record: () => {}}, () => now);
	const second = createTlsApiServer(routes, tlsOptions(board), gate);
	await expect(listenByTcp(second, listener.where, board, () => now)).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining('the port is taken'),
	});
});

test('connections that end are forgotten', async () => {
	const endpoint = endpointOf(granted('viewer'));
	for (let count = 0; count < 20; count++) {
		await ask(endpoint, 'GET', '/v1/list');
	}

	await until(
		() => listener.connections,
		count => count === 0,
	);
});
