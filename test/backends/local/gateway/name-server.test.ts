import {createSocket} from 'node:dgram';
import {Resolver} from 'node:dns/promises';
import {once} from 'node:events';
import {describe, expect, onTestFinished, test} from 'vitest';
import {answerQuery, NameServers, readQuestion} from '../../../../source/backends/local/gateway/name-server.ts';
import {until} from '../../../helpers/tcp.ts';

const table = {network: 'back', address: '127.0.0.1', names: {db: '127.9.1.1', cache: '127.9.1.2'}};

async function freeUdpPort(): Promise<number> {
	const socket = createSocket('udp4').bind(0, '127.0.0.1');
	await once(socket, 'listening');
	const {port} = socket.address();
	socket.close();
	await once(socket, 'close');
	return port;
}

async function serve() {
	const port = await freeUdpPort();
	const servers = new NameServers(port, message => expect.fail(message));
	onTestFinished(() => servers.close());
	await servers.apply([table]);
	const resolver = new Resolver({timeout: 1000, tries: 5});
	resolver.setServers([`127.0.0.1:${port}`]);
	return {servers, resolver, port};
}

describe('a name', () => {
	const check = (name: string, expected: string[] | string) =>
		test(name, async () => {
			const {resolver} = await serve();
			expect(await resolver.resolve4(name).catch(({code}) => code)).toEqual(expected);
		});
	check('db', ['127.9.1.1']);
	check('DB', ['127.9.1.1']);
	check('db.back', ['127.9.1.1']);
	check('db.back.muster', ['127.9.1.1']);
	check('cache.muster', ['127.9.1.2']);
	check('db.front', 'ENOTFOUND');
	check('web', 'ENOTFOUND');
	check('constructor', 'ENOTFOUND');
});

test('has no IPv6 address, which is no error', async () => {
	const {resolver} = await serve();
	expect(await resolver.resolve6('db').catch(({code}) => code)).toBe('ENODATA');
});

test('comes and goes with the table', async () => {
	const {servers, resolver} = await serve();
	await servers.apply([{...table, names: {web: '127.9.1.3'}}]);
	expect(await resolver.resolve4('web')).toEqual(['127.9.1.3']);
	expect(await resolver.resolve4('db').catch(({code}) => code)).toBe('ENOTFOUND');
});

test('is told while one takes over from another', async () => {
	const {servers, resolver, port} = await serve();
	let isOver = false;
	const answers = new Set<string>();
	const asking = (async () => {
		while (!isOver) {
			const answer = await resolver.resolve4('db').catch(({code}) => [code]);
			answers.add(answer.join());
		}
	})();
	const successor = new NameServers(port, message => expect.fail(message));
	onTestFinished(() => successor.close());
	await successor.apply([table]);
	servers.close();
	expect(await resolver.resolve4('db')).toEqual(['127.9.1.1']);
	isOver = true;
	await asking;
	expect([...answers]).toEqual(['127.9.1.1']);
});

test('what is no query is not answered, and does no harm', async () => {
	const {resolver, port} = await serve();
	const socket = createSocket('udp4');
	onTestFinished(() => void socket.close());
	const whole = Buffer.from('0001010000010000000000000264620000010001', 'hex');
	expect(readQuestion(whole)).toEqual({name: 'db', type: 1, end: 20});
	const broken = Array.from({length: whole.length}, (_, length) => whole.subarray(0, length));
	const bits = Array.from({length: whole.length * 8}, (_, bit) => {
		const copy = Buffer.from(whole);
		copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		return copy;
	});
	for (const query of [...broken, ...bits, Buffer.alloc(9000, 0x3f), Buffer.alloc(500, 0xc0)]) {
		expect(answerQuery(query, table)?.length ?? 0).toBeLessThan(600);
		socket.send(query, port, '127.0.0.1');
	}

	await until(async () => (await resolver.resolve4('db'))[0] === '127.9.1.1');
});
