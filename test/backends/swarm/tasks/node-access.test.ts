import {expect, test} from 'vitest';
import type {RawNode} from '../../../../source/backends/swarm/api-types.ts';
import type {Connection} from '../../../../source/backends/swarm/connection/connection.ts';
import type {Route} from '../../../../source/backends/swarm/connection/route.ts';
import {nodeAccess} from '../../../../source/backends/swarm/tasks/node-access.ts';

test('which node the manager is, is asked once, and again where it did not answer', async () => {
	let asked = 0;
	const client = {};
	const connection = {
		version: 'v1.41',
		endpoint: {type: 'unix', path: '/run/docker.sock'},
		read: {
			async get() {
				asked++;
				if (asked === 1) throw new Error('no answer');
				return {Swarm: {NodeID: 'n1'}};
			},
		},
		docker: async () => client,
	} as unknown as Connection;
	const access = nodeAccess({route: {connection} as Route, template: undefined});
	const node = (ID: string) => ({ID, Status: {}, Description: {Hostname: ID}}) as unknown as RawNode;
	await expect(access.clientOf(node('n1'))).rejects.toThrow('no answer');
	expect(await access.clientOf(node('n1'))).toBe(client);
	await expect(access.clientOf(node('n2'))).rejects.toThrow('the way there is not known');
	expect(asked).toBe(2);
});
