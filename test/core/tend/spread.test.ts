import {expect, test} from 'vitest';
import type {Instance, Node, Service} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {planSpread} from '../../../source/core/tend/spread.ts';

type Given = {
	/** `n1 4, n2 4, n3 0 down`: nodes with what runs of `web` on each, and what is special about them. */
	readonly nodes: string;
	readonly spec?: Parameters<typeof serviceSpec>[0];
	readonly service?: Partial<Service>;
	readonly mostMoves?: number;
};

function check(
	what: string,
	{nodes: text, spec = {}, service: special = {}, mostMoves = 100}: Given,
	expected: string,
): void {
	test(what, () => {
		const rows = text.split(', ').map(row => row.split(' '));
		const nodes = rows.map(([name = '', , how = 'active']) => ({
			id: name,
			name,
			spec: {labels: {}},
			status: {state: how === 'down' ? 'down' : 'ready'},
			availability: how === 'down' ? 'active' : how,
		})) as unknown as Node[];
		const instances = rows.flatMap(([nodeId, count]) =>
			Array.from({length: Number(count)}, () => ({serviceId: 'web', nodeId}) as unknown as Instance),
		);
		const service = {
			id: 'web',
			name: 'web',
			spec: serviceSpec({replicas: instances.length, template: {image: 'x'}, ...spec}),
			status: {running: instances.length},
			removing: false,
			...special,
		} as Service;
		const [verdict] = planSpread({services: [service], instances, nodes, mostMoves});
		const found =
			verdict && 'nodes' in verdict
				? `${verdict.moves}: ${verdict.nodes.map(({name, before, after}) => `${name} ${before}→${after}`).join(', ')}`
				: verdict?.reason;
		expect(found).toBe(expected);
	});
}

check('a node that has come gets its part', {nodes: 'n1 4, n2 4, n3 0'}, '2: n1 4→3, n2 4→3, n3 0→2');
check('a difference of one is even', {nodes: 'n1 3, n2 3, n3 2'}, 'even');
check('fewer than there are nodes are even', {nodes: 'n1 1, n2 0, n3 0'}, 'even');
check('two on one of them are not', {nodes: 'n1 2, n2 0, n3 0'}, '1: n1 2→1, n2 0→1, n3 0→0');
check('no more than is allowed at a time', {nodes: 'n1 10, n2 0', mostMoves: 2}, '2: n1 10→8, n2 0→2');
check('a node that is down takes nothing', {nodes: 'n1 4, n2 4, n3 0 down'}, 'even');
check('nor does one that is cordoned', {nodes: 'n1 4, n2 4, n3 0 cordoned'}, 'even');
check(
	'what runs where it should not moves first',
	{nodes: 'n1 4, n2 4 draining, n3 0'},
	'some of it runs where it should not: that moves first',
);
check(
	'only nodes that its constraints allow',
	{nodes: 'n1 4, n2 4, n3 0', spec: {placement: {constraints: ['node.name!=n3']}}},
	'even',
);
check(
	'preferences say otherwise',
	{nodes: 'n1 4, n2 0', spec: {placement: {preferences: ['spread=node.labels.zone']}}},
	'it has preferences of its own',
);
check(
	'a port of the node is held by one only',
	{nodes: 'n1 2, n2 0', spec: {ports: [{published: 80, target: 80, protocol: 'tcp', mode: 'host'}]}},
	'its ports are held on the nodes: no two fit on one',
);
check(
	'what is not all there is not spread',
	{nodes: 'n1 4, n2 0', service: {status: {running: 3} as Service['status']}},
	'not all of it runs',
);
check(
	'nor what is updated',
	{nodes: 'n1 4, n2 0', service: {rollout: {state: 'updating'} as Service['rollout'] & object}},
	'being updated',
);
check('nor a global service', {nodes: 'n1 1, n2 1', spec: {mode: 'global'}}, 'a global service');
