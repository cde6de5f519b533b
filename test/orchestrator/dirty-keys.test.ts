import {expect, test} from 'vitest';
import type {Instance, Node} from '../../source/core/model/index.ts';
import {DirtyKeys} from '../../source/orchestrator/dirty-keys.ts';
import type {StoreChange, StoreReader} from '../../source/orchestrator/store/store.ts';
import {aNode, anInstance, aService} from '../helpers/objects.ts';

const web = aService('web');
const exporter = aService('exporter', {spec: {...aService('exporter').spec, mode: 'global'}});
const running: Instance = anInstance('web.1', {
	nodeId: 'n1-id',
	status: {state: 'running', at: 0, health: 'healthy', endpoints: [{target: 80, host: '127.0.0.1', port: 20_000}]},
});
const node = aNode('n1');
const store = {
	all: () => [web, exporter],
	instancesOnNode: () => [running],
} as unknown as StoreReader;

/** What is to be looked at again after one change. */
function check(name: string, change: Record<string, unknown>, expected: string) {
	test(name, () => {
		const dirty = new DirtyKeys();
		dirty.changed([{type: 'put', revision: 2, ...change} as unknown as StoreChange], store);
		const {services, nodes, placement} = dirty.take();
		const routes = dirty.takeRoutes() ? ['routes'] : [];
		expect([...services, ...nodes, ...(placement ? ['placement'] : []), ...routes].join(' ')).toBe(expected);
	});
}

const instance = (status: Partial<Instance['status']>, parts: Partial<Instance> = {}) => ({
	kind: 'instance',
	before: running,
	object: {...running, ...parts, revision: '2', updatedAt: 2, status: {...running.status, ...status}},
});
const changedNode = (parts: Partial<Node>) => ({
	kind: 'node',
	before: node,
	object: {...node, ...parts, revision: '2', updatedAt: 2},
});

check(
	'a new instance',
	{kind: 'instance', object: {...running, status: {...running.status, state: 'pending'}}},
	'web-id n1-id placement routes',
);
check('one that has ended', instance({state: 'failed'}), 'web-id n1-id placement routes');
check('one that is ill', instance({health: 'unhealthy', healthMessage: '503'}), 'web-id n1-id routes');
check(
	'what an ill one says now',
	{
		...instance({healthMessage: '502', health: 'unhealthy'}),
		before: {...running, status: {...running.status, health: 'unhealthy'}},
	},
	'web-id n1-id routes',
);
check('a single check that failed', instance({healthMessage: '503'}), '');
check('the same, with an endpoint that moved', instance({healthMessage: '503', endpoints: []}), 'web-id n1-id routes');
check('the same, told to stop', instance({healthMessage: '503'}, {desired: 'stopped'}), 'web-id n1-id routes');
check('a reason', instance({reason: 'no room'}), 'web-id n1-id routes');
check('one that is gone', {type: 'remove', kind: 'instance', id: running.id, object: running}, 'web-id n1-id routes');
check('a service', {kind: 'service', object: web}, 'web-id placement routes');
check('a new node', {kind: 'node', object: node}, 'web-id exporter-id n1-id placement');
check('a node that was closed', changedNode({availability: 'cordoned'}), 'web-id exporter-id n1-id placement');
check(
	'a node with more or less to offer',
	changedNode({capacity: {cpus: 1, memoryBytes: 1}}),
	'web-id exporter-id n1-id placement',
);
check('a node that holds more now', changedNode({instances: 5, reserved: {cpus: 1, memoryBytes: 1}}), 'n1-id');
check('the same capacity, said anew', changedNode({instances: 5, capacity: {...node.capacity}}), 'n1-id');
