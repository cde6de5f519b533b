import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {createPorts, isFree} from '../../../../../source/backends/local/agent/launch/ports.ts';

test('each target gets a port of its own that is free', async () => {
	const ports = createPorts('a home/n1');
	const endpoints = [...(await ports.allocate([80, 443])), ...(await ports.allocate([80]))];
	expect(endpoints.map(({target, host}) => `${host} ${target}`)).toEqual([
		'127.0.0.1 80',
		'127.0.0.1 443',
		'127.0.0.1 80',
	]);
	expect(new Set(endpoints.map(({port}) => port)).size).toBe(3);
	expect(await Promise.all(endpoints.map(({port}) => isFree(port)))).toEqual([true, true, true]);
});

test('what others listen on is left out, what an adopted instance has too', async () => {
	const [first] = await createPorts('seed').allocate([80]);
	const other = createServer();
	await new Promise<void>(resolve => other.listen(first!.port, '127.0.0.1', resolve));
	const ports = createPorts('seed');
	ports.claim([{...first!, port: first!.port + 1}]);
	const [next] = await ports.allocate([80]);
	expect(next!.port).toBeGreaterThan(first!.port + 1);
	expect(await isFree(first!.port)).toBe(false);
	await new Promise(resolve => other.close(resolve));
});

test('nodes begin to look at different places', async () => {
	const [one] = await createPorts('a home/n1').allocate([80]);
	const [two] = await createPorts('a home/n2').allocate([80]);
	expect(Math.abs(one!.port - two!.port)).toBeGreaterThan(100);
});
