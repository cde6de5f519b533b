import {expect, test} from 'vitest';
import type {NetworkAttachment} from '../../source/core/model/index.ts';
import {freeAddress, nameTables, peersOf, virtualRoutes} from '../../source/orchestrator/virtual-addresses.ts';
import {readCluster} from '../helpers/cluster-text.ts';

const net = {prefix: '127.9', lowPorts: false};

/** `NAME ADDRESS TARGETS NETWORKS`; a network may say `back=alias`. */
function storeOf(...lines: readonly string[]) {
	const [plain] = readCluster('service x').services;
	const services = lines.map(line => {
		const [name = '', address = '', targets = '', networks = ''] = line.split(' ');
		const list = networks.split(',').filter(Boolean);
		const attachments = list.map((text): NetworkAttachment => {
			const [network = '', alias] = text.split('=');
			return {network, ...(alias && {aliases: [alias]})};
		});
		const ports = targets
			.split(',')
			.filter(Boolean)
			.map(target => ({published: 0, target: Number(target), protocol: 'tcp' as const}));
		return {
			...plain!,
			id: `${name}-id`,
			name,
			spec: {...plain!.spec, ports, template: {...plain!.spec.template, networks: attachments}},
			status: {...plain!.status, address},
		};
	});
	const networks = [
		...new Set(services.flatMap(({spec}) => spec.template.networks?.map(({network}) => network) ?? [])),
	].map(name => ({name}));
	const store = {all: (kind: string) => (kind === 'service' ? services : networks), byName: () => undefined} as never;
	return {services, store};
}

const {services, store} = storeOf(
	'web 127.9.1.1 80 front',
	'api 127.9.1.2 8080,81 front,back=store',
	'db 127.9.1.3 5432 back',
	'lone 127.9.1.4 80',
	'mute 127.9.1.5',
);

function peers(name: string): string[] {
	const service = services.find(one => one.name === name);
	return peersOf(store, service!.spec, net).map(peer => `${peer.name} ${peer.host}:${peer.port}`);
}

test('who shares a network is reached by name, at one address and port; nobody else is', () => {
	expect(peers('web')).toEqual(['api 127.9.1.2:10081', 'web 127.9.1.1:10080']);
	expect(peers('db')).toEqual(['api 127.9.1.2:10081', 'db 127.9.1.3:5432', 'store 127.9.1.2:10081']);
	expect(peers('api')).toEqual([
		'api 127.9.1.2:10081',
		'db 127.9.1.3:5432',
		'store 127.9.1.2:10081',
		'web 127.9.1.1:10080',
	]);
	expect(peers('lone')).toEqual(['lone 127.9.1.4:10080']);
});

test('each network has a name server of its own', () => {
	expect(nameTables(store, net)).toEqual([
		{network: 'default', address: '127.9.0.2', names: {lone: '127.9.1.4', mute: '127.9.1.5'}},
		{network: 'back', address: '127.9.0.3', names: {api: '127.9.1.2', db: '127.9.1.3', store: '127.9.1.2'}},
		{network: 'front', address: '127.9.0.4', names: {api: '127.9.1.2', web: '127.9.1.1'}},
	]);
});

test('an address leads to all that a service listens for', () => {
	const routes = virtualRoutes(
		store,
		services[1]!,
		target => [{instanceId: 'i', host: '127.0.0.1', port: target}],
		net,
	);
	expect(routes.map(({host, published, targets}) => `${host}:${published} → ${targets[0]?.port}`)).toEqual([
		'127.9.1.2:10081 → 81',
		'127.9.1.2:8080 → 8080',
	]);
	expect(virtualRoutes(store, services[0]!, () => [], {...net, lowPorts: true})[0]?.published).toBe(80);
});

test('the first address that is free is given', () => {
	expect(freeAddress(store, net)).toBe('127.9.1.6');
	expect(freeAddress(storeOf('a 127.9.1.2 80').store, net)).toBe('127.9.1.1');
});
