import {expect, test} from 'vitest';
import {
	containerEnvironment,
	containerPlace,
} from '../../../../../source/backends/local/agent/runtimes/docker-order.ts';
import {checkContainers} from './container-laws.ts';

test('what a container is given speaks of the container, not of the machine', () => {
	const environment = {
		PATH: '/x',
		TZ: 'UTC',
		PORT: '20001',
		PORT_80: '20001',
		MUSTER_INSTANCE: 'i',
		MUSTER_CONFIGS: '/h',
		MUSTER_SERVICE_DB_HOST: '127.9.1.1',
		A: 'b',
	};
	const assignment = {template: {env: {TZ: 'UTC'}, secrets: [{source: 's'}]}, targets: [80]} as never;
	const given = {
		TZ: 'UTC',
		MUSTER_INSTANCE: 'i',
		A: 'b',
		MUSTER_SECRETS: '/run/secrets',
		PORT: '80',
		PORT_80: '80',
	};
	expect(containerEnvironment(environment, assignment, {onNetworks: false})).toEqual(given);
	expect(containerEnvironment(environment, assignment, {onNetworks: true})).toEqual({
		...given,
		MUSTER_SERVICE_DB_HOST: '127.9.1.1',
	});
	expect([
		containerPlace('secrets', 'db'),
		containerPlace('configs', 'app'),
		containerPlace('mounts', 'data'),
		containerPlace('secrets', '/etc/key'),
	]).toEqual(['/run/secrets/db', '/app', '/data', '/etc/key']);
});

checkContainers('docker');
