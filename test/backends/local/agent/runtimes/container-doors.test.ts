import {expect, test} from 'vitest';
import {
	doorKey,
	doorsOf,
	gatewayOf,
	rulesOf,
} from '../../../../../source/backends/local/agent/runtimes/container-doors.ts';
import type {RoutingTable} from '../../../../../source/orchestrator/balancer.ts';

const route = (host: string, published: number) => ({serviceId: 's', serviceName: 's', host, published, targets: []});
const table: RoutingTable = {
	serial: 1,
	routes: [
		route('127.9.1.1', 80),
		route('127.9.1.1', 81),
		route('127.9.1.2', 80),
		route('127.9.1.3', 80),
		route('0.0.0.0', 8080),
	],
	names: [
		{network: 'back', address: '127.9.0.2', names: {db: '127.9.1.1', store: '127.9.1.1'}},
		{network: 'front', address: '127.9.0.3', names: {web: '127.9.1.2'}},
		{network: 'other', address: '127.9.0.4', names: {secret: '127.9.1.3'}},
	],
};

test('a container has a door to each port of each service on its networks, once, and to no other', () => {
	expect(doorsOf(table, ['back', 'front']).map(doorKey)).toEqual(['127.9.1.1:80', '127.9.1.1:81', '127.9.1.2:80']);
	expect(doorsOf(table, ['nowhere'])).toEqual([]);
	expect(doorsOf({serial: 1, routes: table.routes}, ['back'])).toEqual([]);
});

test('the rules lead to where doors are listened for, and are led to once', () => {
	const doors = [{host: '127.9.1.1', port: 80, within: 40_001}];
	expect(rulesOf('127.9.0.2', doors, 40_000, {isFirst: true})).toBe(
		[
			'*nat',
			':MUSTER - [0:0]',
			'-A MUSTER -d 127.9.0.2 -p udp --dport 53 -j REDIRECT --to-ports 40000',
			'-A MUSTER -d 127.9.1.1 -p tcp --dport 80 -j REDIRECT --to-ports 40001',
			'-A OUTPUT -d 127.9.0.0/16 -j MUSTER',
			'COMMIT',
			'',
		].join('\n'),
	);
	expect(rulesOf('127.9.0.2', doors, 40_000, {isFirst: false})).not.toContain('OUTPUT');
});

test('only the machine may come in from outside, and its address is that of the way out', () => {
	const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
`;
	const gateway = gatewayOf(routes);
	expect(gateway).toBe('172.17.0.1');
	expect(gatewayOf(routes.split('\n').slice(2).join('\n'))).toBeUndefined();
	const rule = '-A INPUT ! -i lo ! -s 172.17.0.1 -m conntrack --ctstate NEW -j DROP';
	expect(rulesOf('127.9.0.2', [], 40_000, {isFirst: true, gateway}).split('\n')).toContain(rule);
	expect(rulesOf('127.9.0.2', [], 40_000, {isFirst: false, gateway})).not.toContain('INPUT');
});
