import {expect, test} from 'vitest';
import {doorKey, doorsOf, rulesOf} from '../../../../../source/backends/local/agent/runtimes/container-doors.ts';
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
