import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {blockedServer} from '../../../../helpers/blocked-server.ts';
import {ask, exchange, keepAlive, open, routeOf, serve, type Targets} from '../../../../helpers/http-gateway.ts';
import {Dialed, freePort, listen, until} from '../../../../helpers/tcp.ts';

function socketPath(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	return path.join(folder, 's');
}

test('a target with a socket is asked by that, and by its port where nobody answers there', async () => {
	const socket = socketPath();
	const {published, apply} = await open({});
	const route = routeOf(published, 'web', {a: (await serve('by port')).port});
	await apply({...route, targets: route.targets.map(target => ({...target, socket}))});
	const bySocket = createServer((_, response) => void response.end('by socket')).listen(socket);
	await once(bySocket, 'listening');
	expect((await ask(published)).body).toBe('by socket');
	bySocket.close();
	bySocket.closeAllConnections();
	expect(await ask(published, {method: 'POST', body: 'not to be lost'})).toMatchObject({status: 200, body: 'by port'});
});

// It was taken for an answer that had broken off: 502, and one failure more of that instance.
test('a target in whose socket too many wait is asked by its port, and by its socket again when they are through', async () => {
	const socket = socketPath();
	const {goOn} = await blockedServer(socket);
	const {published, apply} = await open({});
	const route = routeOf(published, 'web', {a: (await serve('by port')).port});
	await apply({...route, targets: route.targets.map(target => ({...target, socket}))});
	for (let count = 0; count < 6; count++) {
		expect(await ask(published, {method: 'POST', body: 'x'})).toMatchObject({status: 200, body: 'by port'});
	}

	goOn();
	await until(async () => (await ask(published)).body === 'by socket');
});

test('the requests of one connection go in turn to all instances, over connections that are kept', async () => {
	const a = await serve('a');
	const b = await serve('b');
	const {published} = await open({a: a.port, b: b.port});
	const agent = keepAlive();
	let took = '';
	for (let count = 0; count < 6; count++) {
		took += (await ask(published, {agent})).body;
	}

	expect(took).toBe('ababab');
	expect([a.opened(), b.opened()]).toEqual([1, 1]);
});

test('an instance learns who asks, whatever the client claims', async () => {
	const {port} = await serve('a', ({headers}, response) => void response.end(JSON.stringify(headers)));
	const {published} = await open({a: port});
	const {body} = await ask(published, {
		headers: {host: 'shop.example', 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https'},
	});
	expect(JSON.parse(body)).toMatchObject({
		host: 'shop.example',
		'x-forwarded-for': '1.2.3.4, 127.0.0.1',
		'x-forwarded-proto': 'http',
		'x-forwarded-host': 'shop.example',
		forwarded: 'for=127.0.0.1;proto=http;host=shop.example',
	});
});

test('bodies arrive whole, with a length and in chunks, both ways', async () => {
	const {port} = await serve('a', (asked, response) => void asked.pipe(response));
	const {published} = await open({a: port});
	const agent = keepAlive();
	const long = 'x'.repeat(3_000_000);
	expect(
		(await ask(published, {agent, method: 'POST', body: long, headers: {'content-length': long.length}})).body,
	).toBe(long);
	expect(
		(await ask(published, {agent, method: 'PUT', body: long, headers: {'transfer-encoding': 'chunked'}})).body,
	).toBe(long);
	expect((await ask(published, {agent, method: 'POST', body: 'short', headers: {'content-length': 5}})).body).toBe(
		'short',
	);
});

test('requests that come all at once are answered one after the other', async () => {
	const {port} = await serve('a', ({url}, response) => void response.end(url));
	const {published} = await open({a: port});
	const one = (path: string) => `GET ${path} HTTP/1.1|Host: a||`;
	const received = await exchange(
		published,
		`${one('/1')}${one('/2')}POST /3 HTTP/1.1|Host: a|Content-Length: 2||hi${one('/4')}`,
		'/4',
	);
	expect(received.match(/^\/\d/gm)).toEqual(['/1', '/2', '/3', '/4']);
});

test('a target that refuses is passed over, and the client sees nothing of it', async () => {
	const b = await serve('b');
	const {published, gateway} = await open({a: await freePort(), b: b.port});
	const agent = keepAlive();
	for (let count = 0; count < 4; count++) {
		expect(await ask(published, {agent, method: 'POST', body: 'x'})).toMatchObject({status: 200, body: 'b'});
	}

	expect(gateway.stats['web-id']).toMatchObject({requests: 4, errors: 0});
});

test('what may be asked twice is asked again when the connection breaks; what may not is not', async () => {
	const broken = await listen(socket => void socket.on('data', () => socket.destroy()));
	const b = await serve('b');
	const {published} = await open({a: broken.port, b: b.port});
	expect((await ask(published)).body).toBe('b');
	const posts = [await ask(published, {method: 'POST'}), await ask(published, {method: 'POST'})];
	expect(posts.map(({status}) => status).sort()).toEqual([200, 502]);
});

test('an answer that breaks in the middle is seen to be broken', async () => {
	const {port} = await listen(
		socket => void socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal')),
	);
	const {published, gateway} = await open({a: port});
	await expect(ask(published)).rejects.toThrow();
	expect(gateway.stats['web-id']).toMatchObject({requests: 1, errors: 1});
});

test('an instance that fails again and again is put aside', async () => {
	let asked = 0;
	const a = await serve('a', (_, response) => {
		asked++;
		response.writeHead(503).end();
	});
	const b = await serve('b');
	const {published} = await open({a: a.port, b: b.port});
	const agent = keepAlive();
	const statuses = [];
	for (let count = 0; count < 30; count++) {
		statuses.push((await ask(published, {agent})).status);
	}

	expect(asked).toBe(5);
	expect(statuses.filter(status => status === 503)).toHaveLength(5);
});

test('with sticky a client stays with its instance, as long as that is there', async () => {
	const a = await serve('a');
	const b = await serve('b');
	const {published, apply} = await open({a: a.port, b: b.port}, {sticky: true});
	const first = await ask(published);
	const [cookie = ''] = first.headers['set-cookie'] ?? [];
	expect(cookie).toBe(`muster-instance=${first.body}; Path=/; HttpOnly; SameSite=Lax`);
	const headers = {cookie: `x=1; ${cookie.split(';')[0]}`};
	for (let count = 0; count < 3; count++) {
		expect(await ask(published, {headers})).toMatchObject({
			body: first.body,
			headers: expect.not.objectContaining({'set-cookie': expect.anything()}),
		});
	}

	const other: Targets = first.body === 'a' ? {b: b.port} : {a: a.port};
	await apply(routeOf(published, 'web', other, {sticky: true}));
	const next = await ask(published, {headers});
	expect([next.body, next.headers['set-cookie']?.length]).toEqual([Object.keys(other)[0], 1]);
});

test('host and path say whose a request is', async () => {
	const [web, api, shop] = [await serve('web'), await serve('api'), await serve('shop')];
	const {published, apply} = await open({});
	await apply(
		routeOf(published, 'web', {w: web.port}, {}),
		routeOf(published, 'api', {a: api.port}, {paths: ['/api']}),
		routeOf(published, 'shop', {s: shop.port}, {hosts: ['*.shop.example']}),
	);
	const agent = keepAlive();
	const whose = async (host: string, path: string) => (await ask(published, {agent, path, headers: {host}})).body;
	expect([
		await whose('x', '/'),
		await whose('x', '/api/1?q'),
		await whose('x', '/apis'),
		await whose('de.shop.example:80', '/api'),
		await whose('shop.example', '/'),
	]).toEqual(['web', 'api', 'web', 'shop', 'web']);
	await apply(routeOf(published, 'api', {a: api.port}, {paths: ['/api']}));
	expect(await ask(published, {path: '/'})).toMatchObject({status: 404});
});

test('above the limit of requests the answer is 503 at once', async () => {
	const waiting: Array<() => void> = [];
	const a = await serve('a', (_, response) => void waiting.push(() => response.end('a')));
	const {published} = await open({a: a.port}, {maxRequests: 2});
	const first = [ask(published), ask(published)];
	await until(() => waiting.length === 2);
	expect(await ask(published)).toMatchObject({status: 503, body: 'Every instance of web has 2 requests already.\n'});
	for (const answer of waiting) answer();
	expect((await Promise.all(first)).map(({status}) => status)).toEqual([200, 200]);
});

test('of an instance that leaves, requests under way are answered, and its resting connections are closed', async () => {
	const waiting: Array<() => void> = [];
	const a = await serve('a', ({url}, response) => {
		const answer = () => response.end('a');
		if (url === '/slow') waiting.push(answer);
		else answer();
	});
	const b = await serve('b');
	const {published, apply} = await open({a: a.port});
	const slow = ask(published, {path: '/slow'});
	await until(() => waiting.length === 1);
	expect((await ask(published)).body).toBe('a');
	await apply(routeOf(published, 'web', {b: b.port}));
	expect((await ask(published)).body).toBe('b');
	const connections = () => new Promise<number>(resolve => a.server.getConnections((_, count) => resolve(count)));
	await until(async () => (await connections()) === 1);
	waiting[0]?.();
	expect((await slow).body).toBe('a');
	await until(async () => (await connections()) === 0);
});

// Those were left open where nothing was under way: an instance that waits for its clients was killed after its grace period.
test('an instance that leaves while nothing is under way has no connection left', async () => {
	const a = await serve('a');
	const {published, apply} = await open({a: a.port});
	await ask(published, {agent: keepAlive()});
	const connections = () => new Promise<number>(resolve => a.server.getConnections((_, count) => resolve(count)));
	expect(await connections()).toBe(1);
	await apply(routeOf(published, 'web', {}));
	await until(async () => (await connections()) === 0);
});

test('websockets and the like go through, and are counted until they end', async () => {
	const a = await serve('a');
	a.server.on('upgrade', (_, socket, head) => {
		socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello ');
		socket.write(head);
		socket.pipe(socket);
	});
	const {published, gateway} = await open({a: a.port});
	const dialed = new Dialed(published);
	dialed.socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly ');
	await until(() => dialed.received.endsWith('hello early '));
	expect(dialed.received).toContain('101 Switching Protocols');
	dialed.socket.write('later');
	await until(() => dialed.received.endsWith('later'));
	expect(gateway.instanceStats).toMatchObject({a: {connections: 1}});
	dialed.socket.end();
	await until(() => gateway.instanceStats.a?.connections === 0);
});

for (const [what, text, status] of [
	['no HTTP', 'hello|||', 400],
	[
		'a request that would be read in two ways',
		'POST / HTTP/1.1|Host: a|Content-Length: 3|Transfer-Encoding: chunked||0||',
		400,
	],
	['a head without an end', `GET / HTTP/1.1|Host: a|X: ${'x'.repeat(70_000)}`, 431],
] as const) {
	test(`${what} is refused, and the connection ends`, async () => {
		const a = await serve('a');
		const {published} = await open({a: a.port});
		const dialed = new Dialed(published);
		dialed.socket.write(text.replaceAll('|', '\r\n'));
		await until(() => dialed.ended);
		expect(dialed.received).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*Connection: close`));
		expect(a.opened()).toBe(0);
	});
}

test('counts by instance what was asked and how quickly it was answered', async () => {
	const a = await serve('a');
	const {published, gateway, apply} = await open({a: a.port});
	// Its other port, over which bytes go as they come, has nothing to say of requests.
	const {http: _, ...plain} = routeOf(await freePort(), 'web', {a: a.port});
	await apply(routeOf(published, 'web', {a: a.port}), plain);
	gateway.tick();
	const agent = keepAlive();
	for (let count = 0; count < 10; count++) {
		await ask(published, {agent});
	}

	const {a: figures} = gateway.instanceStats;
	expect(figures).toMatchObject({connections: 0, requests: 10, errors: 0, errorsPerSecond: 0});
	expect(figures?.requestsPerSecond).toBeGreaterThan(0);
	expect(figures?.latencyP99Ms).toBeGreaterThan(0);
	expect(gateway.stats['web-id']).toMatchObject({connections: 1, requests: 10, errors: 0});
	expect(gateway.stats['web-id']?.histogram?.at(-1)).toBe(10);
});
