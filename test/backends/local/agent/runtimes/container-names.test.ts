import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import {expect, test} from 'vitest';
import {
	answerWithin,
	nameServerOf,
	tellNames,
} from '../../../../../source/backends/local/agent/runtimes/container-names.ts';
import type {NameTable} from '../../../../../source/orchestrator/balancer.ts';

const tables: readonly NameTable[] = [
	{network: 'back', address: '127.9.0.2', names: {db: '127.9.1.1'}},
	{network: 'front', address: '127.9.0.3', names: {web: '127.9.1.2'}},
];

function query(name: string): Buffer {
	const labels = name.split('.').map(label => Buffer.from([label.length, ...Buffer.from(label)]));
	const head = Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
	return Buffer.concat([head, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

/** The address that the answer ends with, `nobody`, or whatever it is instead. */
function answer(name: string): string {
	const found = answerWithin(query(name), tables);
	if (!Buffer.isBuffer(found)) {
		return String(found);
	}

	return ((found[3] ?? 0) & 0x0f) === 3 ? 'nobody' : [...found.subarray(-4)].join('.');
}

test('a container is told the names of all its networks, and asks elsewhere for what may be elsewhere', () => {
	expect(
		['db', 'web', 'web.muster', 'db.back', 'web.front.muster', 'other', 'other.muster', 'example.com'].map(answer),
	).toEqual(['127.9.1.1', '127.9.1.2', '127.9.1.2', '127.9.1.1', '127.9.1.2', 'nobody', 'nobody', 'elsewhere']);
	expect(answerWithin(Buffer.from('not a query'), tables)).toBeUndefined();
});

test('elsewhere is where the machine asks first', () => {
	expect(nameServerOf('# one\nsearch x\nnameserver 10.0.0.1\nnameserver 10.0.0.2\n')).toBe('10.0.0.1');
	expect(nameServerOf('nameserver fd00::1\n')).toBe('fd00::1');
	expect(nameServerOf('search x\n')).toBeUndefined();
});

test.skipIf(process.getuid?.() !== 0)('elsewhere is the first name server that it was given', async () => {
	const server = createSocket('udp4').bind(53, '127.94.7.53');
	const names = createSocket('udp4').bind(0, '127.0.0.1');
	const container = createSocket('udp4').bind(0, '127.0.0.1');
	await Promise.all([server, names, container].map(socket => once(socket, 'listening')));
	server.on('message', (found, {port, address}) => server.send(`told ${found.length}`, port, address));
	tellNames(names, () => tables, ['127.94.7.53', '127.94.7.54']);
	const asked = query('example.com');
	container.send(asked, names.address().port, '127.0.0.1');
	const [answered] = await once(container, 'message');
	expect(String(answered)).toBe(`told ${asked.length}`);
	for (const socket of [server, names, container]) socket.close();
});
