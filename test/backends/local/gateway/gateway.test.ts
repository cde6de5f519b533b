import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {connectionLimit} from '../../../../source/backends/local/gateway/connection-limit.ts';
import {Gateway} from '../../../../source/backends/local/gateway/gateway.ts';
import {Dialed, dial, freePort, listen, listenAs, until} from '../../../helpers/tcp.ts';

type Targets = Readonly<Record<string, number>>;

/** A gateway with one published port. */
async function open(targets: Targets) {
	let changes = 0;
	const gateway = new Gateway({log() {}, failedChanged: () => void changes++});
	onTestFinished(() => gateway.close());
	const published = await freePort();
	let serial = 0;
	const route = (next: Targets) => ({
		serviceId: 'web-id',
		serviceName: 'web',
		host: '127.0.0.1',
		published,
		targets: Object.entries(next).map(([instanceId, port]) => ({instanceId, host: '127.0.0.1', port})),
	});
	const apply = (...routes: Array<Targets>) => gateway.apply({serial: ++serial, routes: routes.map(route)});
	await apply(targets);
	return {gateway, published, apply, changes: () => changes};
}

/** One target: by its port it says p. */
async function openWithSocket(socket: string) {
	const gateway = new Gateway({log() {}, failedChanged() {}});
	onTestFinished(() => gateway.close());
	const published = await freePort();
	const serve = await listen(client => void client.write('p'));
	const targets = [{instanceId: 'a', host: '127.0.0.1', port: serve.port, socket}];
	const route = {serviceId: 'web-id', serviceName: 'web', host: '127.0.0.1', published, targets};
	await gateway.apply({serial: 1, routes: [route]});
	return {published, serve};
}

async function openNamed(...names: string[]) {
	const servers = await Promise.all(names.map(async name => [name, await listenAs(name)] as const));
	const targets = Object.fromEntries(servers.map(([name, {port}]) => [name, port]));
	return {...(await open(targets)), targets};
}

test('equal targets take connections in turn', async () => {
	const {published, gateway} = await openNamed('a', 'b', 'c');
	const took = [];
	for (let count = 0; count < 6; count++) {
		const {socket, received} = await dial(published);
		took.push(received);
		socket.destroy();
		await until(() => gateway.stats['web-id']?.connections === 0);
	}

	expect(took.join('')).toBe('abcabc');
});

test('the target with the fewest connections takes the next', async () => {
	const {published, gateway} = await openNamed('a', 'b');
	const open = [];
	for (let count = 0; count < 6; count++) {
		open.push(await dial(published));
	}

	expect(open.map(({received}) => received).join('')).toBe('ababab');
	for (const {socket, received} of open) {
		if (received === 'b') socket.destroy();
	}

	await until(() => gateway.stats['web-id']?.connections === 3);
	const next = [await dial(published), await dial(published), await dial(published)];
	expect(next.map(({received}) => received).join('')).toBe('bbb');
	expect(gateway.stats).toEqual({'web-id': {connections: 6, opened: 9}});
});

test('where a target refuses the next one is tried, and it is left alone for a while', async () => {
	const b = await listenAs('b');
	const port = await freePort();
	const {published} = await open({a: port, b: b.port});
	expect((await dial(published)).received).toBe('b');
	await listen(socket => void socket.write('a'), port);
	expect((await dial(published)).received).toBe('b');
	await until(async () => (await dial(published)).received === 'a');
});

test('a target with a socket is reached by that, and by its port where nobody answers there', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const socket = path.join(folder, 's');
	const {published, serve} = await openWithSocket(socket);
	const bySocket = createServer(client => void client.write('s'));
	await once(bySocket.listen(socket), 'listening');
	expect((await dial(published)).received).toBe('s');
	expect((await dial(published)).received).toBe('s');
	bySocket.close();
	expect((await dial(published)).received).toBe('p');
	expect(serve.sockets.size).toBe(1);
	const again = createServer(client => void client.write('s'));
	onTestFinished(() => void again.close());
	await once(again.listen(socket), 'listening');
	await until(async () => {
		const {socket: dialed, received} = await dial(published);
		dialed.destroy();
		return received === 's';
	});
});

test('a client that breaks off takes its connection to a socket along, and nobody else', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const socket = path.join(folder, 's');
	const {published} = await openWithSocket(socket);
	let open = 0;
	const bySocket = createServer(client => {
		open++;
		client.on('error', () => {}).on('close', () => void open--);
		client.write('s');
	});
	onTestFinished(() => void bySocket.close());
	await once(bySocket.listen(socket), 'listening');
	const [first, second] = [await dial(published), await dial(published)];
	expect(open).toBe(2);
	first.socket.resetAndDestroy();
	await until(() => open === 1);
	expect(second.received).toBe('s');
	expect((await dial(published)).received).toBe('s');
});

test('a target that refused is used when there is no other', async () => {
	const port = await freePort();
	const {published, gateway} = await open({a: port});
	expect(await new Dialed(published).over()).toBe('ECONNRESET');
	await listen(socket => void socket.write('a'), port);
	expect((await dial(published)).received).toBe('a');
	await until(() => gateway.stats['web-id']?.connections === 1);
});

test('without a target a connection is reset at once', async () => {
	const {published, gateway} = await open({});
	expect(await new Dialed(published).over()).toBe('ECONNRESET');
	await until(() => gateway.stats['web-id']?.connections === 0);
});

test('what is connected to a target that was taken out goes on; nothing new goes there', async () => {
	const {published, apply, targets} = await openNamed('a', 'b');
	const first = await dial(published);
	expect(first.received).toBe('a');
	await apply({b: targets.b ?? 0});
	const later = [await dial(published), await dial(published), await dial(published)];
	expect(later.map(({received}) => received).join('')).toBe('bbb');
	first.socket.write('still there');
	expect(await first.read(12)).toBe('astill there');
});

test('connections that outlive their target count when it comes back', async () => {
	const {published, apply, targets} = await openNamed('a', 'b');
	const open = [await dial(published), await dial(published), await dial(published)];
	expect(open.map(({received}) => received).join('')).toBe('aba');
	await apply({b: targets.b ?? 0});
	await apply(targets);
	expect((await dial(published)).received).toBe('b');
});

test('a port that is published no more is closed; its connections go on', async () => {
	const {published, apply} = await openNamed('a');
	const first = await dial(published);
	await apply();
	expect(await new Dialed(published).over()).toBe('ECONNREFUSED');
	first.socket.write('x');
	expect(await first.read(2)).toBe('ax');
});

test('a port that somebody else has is told, and opened when it is free', async () => {
	const {server, port: busy} = await listen(() => {});
	const a = await listenAs('a');
	let changes = 0;
	const gateway = new Gateway({log() {}, failedChanged: () => void changes++});
	onTestFinished(() => gateway.close());
	const targets = [{instanceId: 'a', host: '127.0.0.1', port: a.port}];
	const free = await freePort();
	const route = {serviceId: 'web-id', serviceName: 'web', host: '127.0.0.1', targets};
	await gateway.apply({
		serial: 1,
		routes: [
			{...route, published: busy},
			{...route, published: free},
		],
	});
	expect(gateway.failed).toEqual([{published: busy, message: 'in use by another program'}]);
	expect((await dial(free)).received).toBe('a');
	server.close();
	await until(() => changes === 1);
	expect(gateway.failed).toEqual([]);
	expect((await dial(busy)).received).toBe('a');
});

test('a port goes from one service to another without being closed', async () => {
	const {gateway, published} = await openNamed('a');
	const first = await dial(published);
	const b = await listenAs('b');
	const targets = [{instanceId: 'b', host: '127.0.0.1', port: b.port}];
	await gateway.apply({
		serial: 2,
		routes: [{serviceId: 'api-id', serviceName: 'api', host: '127.0.0.1', published, targets}],
	});
	expect((await dial(published)).received).toBe('b');
	expect(gateway.stats).toEqual({
		'web-id': {connections: 1, opened: 1},
		'api-id': {connections: 1, opened: 1},
	});
	first.socket.destroy();
	await until(() => gateway.stats['web-id']?.connections === 0);
});

test('large bodies arrive whole both ways, however slow who reads them', async () => {
	const up = randomBytes(5_000_001);
	const down = randomBytes(5_000_001);
	let got: string | undefined;
	const {port} = await listen(socket => {
		const hash = createHash('sha256');
		let pauses = 0;
		socket.on('data', data => {
			hash.update(data);
			// As the client below: leaves it lie now and then.
			if (pauses < 20) {
				pauses++;
				socket.pause();
				setTimeout(() => socket.resume(), 2);
			}
		});
		socket.on('end', () => {
			got = hash.digest('hex');
			socket.end(down);
		});
	});
	const {published} = await open({a: port});
	const client = connect({port: published, host: '127.0.0.1', allowHalfOpen: true});
	client.end(up);
	const hash = createHash('sha256');
	let pauses = 0;
	for await (const data of client) {
		hash.update(data);
		// A client that leaves the answer lie now and then.
		if (pauses < 20) {
			pauses++;
			await new Promise(resolve => setTimeout(resolve, 2));
		}
	}

	expect(got).toBe(createHash('sha256').update(up).digest('hex'));
	expect(hash.digest('hex')).toBe(createHash('sha256').update(down).digest('hex'));
});

test('a reader that does not read stops the sender', async () => {
	let sent = 0;
	const {port, sockets} = await listen(socket => {
		const more = () => {
			while (socket.write(Buffer.alloc(65_536))) sent += 65_536;
			sent += 65_536;
		};
		socket.on('drain', more);
		more();
	});
	const {published} = await open({a: port});
	const client = connect({port: published, host: '127.0.0.1'});
	onTestFinished(() => void client.destroy());
	await until(() => sockets.size === 1);
	let before = -1;
	await until(async () => {
		const isStill = sent === before;
		before = sent;
		await new Promise(resolve => setTimeout(resolve, 200));
		return isStill;
	}, 'the sender stands still');
	// What the system's buffers hold, and no more.
	expect(sent).toBeLessThan(64 * 2 ** 20);
});

test('one side may end and still be answered', async () => {
	const {port} = await listen(socket => {
		let text = '';
		socket.on('data', data => {
			text += data;
		});
		socket.on('end', () => socket.end(`heard ${text}`));
	});
	const {published, gateway} = await open({a: port});
	const client = new Dialed(published);
	client.socket.end('all of it');
	expect(await client.over()).toBe('ended');
	expect(client.received).toBe('heard all of it');
	await until(() => gateway.stats['web-id']?.connections === 0);
});

test('a client that ends before its target is reached is not kept open, as probes of a port do', async () => {
	const {published, gateway} = await openNamed('a');
	const probes = Array.from({length: 20}, () => new Dialed(published));
	for (const {socket} of probes) {
		socket.end();
	}

	expect(new Set(await Promise.all(probes.map(probe => probe.over())))).toEqual(new Set(['ended']));
	await until(() => gateway.stats['web-id']?.connections === 0);
});

test('the target may end and still listen', async () => {
	let heard = '';
	const {port} = await listen(socket => {
		socket.end('bye');
		socket.on('data', data => {
			heard += data;
		});
	});
	const {published, gateway} = await open({a: port});
	const client = new Dialed(published);
	expect(await client.over()).toBe('ended');
	expect(client.received).toBe('bye');
	client.socket.end('one more thing');
	await until(() => heard === 'one more thing');
	await until(() => gateway.stats['web-id']?.connections === 0);
});

test('a target that breaks resets the client: it must not look like the end of an answer', async () => {
	const {sockets, port} = await listen(socket => void socket.write('half an ans'));
	const {published} = await open({a: port});
	const client = await dial(published);
	await client.read(11);
	for (const socket of sockets) {
		socket.resetAndDestroy();
	}

	await client.over();
	expect(client.error).toBe('ECONNRESET');
	expect(client.ended).toBe(false);
});

test('a client that breaks resets the target', async () => {
	let error: string | undefined;
	const {port} = await listen(socket => {
		socket.write('a');
		socket.on('error', ({code}: NodeJS.ErrnoException) => {
			error = code;
		});
		socket.resume();
	});
	const {published, gateway} = await open({a: port});
	const client = await dial(published);
	client.socket.resetAndDestroy();
	await until(() => error === 'ECONNRESET');
	await until(() => gateway.stats['web-id']?.connections === 0);
});

// With few files a gateway took in clients until none was left for leading one on: nobody was served.
test('of the files that it may have, a gateway leaves one for leading each client on', async () => {
	expect([connectionLimit(64), connectionLimit(1024), connectionLimit(10), connectionLimit(undefined)]).toEqual([
		16, 496, 1, 10_000,
	]);
	const lines: string[] = [];
	const gateway = new Gateway({log: line => void lines.push(line), failedChanged() {}, maxConnections: 2});
	onTestFinished(() => gateway.close());
	const published = await freePort();
	const {port} = await listenAs('a');
	const targets = [{instanceId: 'a', host: '127.0.0.1', port}];
	await gateway.apply({
		serial: 1,
		routes: [{serviceId: 'web-id', serviceName: 'web', host: '127.0.0.1', published, targets}],
	});
	const [first] = [await dial(published), await dial(published)];
	expect(await new Dialed(published).over()).toBe('ECONNRESET');
	expect(lines.join()).toContain('2 are open');
	first.socket.destroy();
	await until(() => gateway.stats['web-id']?.connections === 1);
	expect((await dial(published)).received).toBe('a');
});
