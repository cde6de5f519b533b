import {expect, test} from 'vitest';
import type {RawNode, RawVolume} from '../../../../source/backends/swarm/api-types.ts';
import type {Connection} from '../../../../source/backends/swarm/connection/connection.ts';
import {NodeVolumes} from '../../../../source/backends/swarm/reading/node-volumes.ts';
import {ClusterError} from '../../../../source/core/error.ts';

function node(name: string, State = 'ready'): RawNode {
	return {ID: `${name}-id`, Status: {State}, Description: {Hostname: name}} as unknown as RawNode;
}

/** What each node answers: names of volumes, or an error. */
function volumesOf(answers: Record<string, readonly string[] | Error>) {
	const asked: string[] = [];
	const volumes = new NodeVolumes({
		async connectionOf({Description: {Hostname = ''}}) {
			asked.push(Hostname);
			const answer = answers[Hostname] ?? [];
			if (answer instanceof Error) throw answer;
			const Volumes = answer.map((Name): RawVolume => ({Name}));
			return {version: 'v1.41', read: {get: async () => ({Volumes})}} as unknown as Connection;
		},
	});
	const names = async (...nodes: readonly RawNode[]) =>
		(await volumes.read(nodes)).map(({raw, nodeName}) => `${nodeName}/${raw.Name}`);
	return {volumes, names, asked};
}

test('each node tells its own, and who cannot be asked is named with the reason, once for all alike', async () => {
	const noWay = new ClusterError('unsupported', 'n2 has what is asked for …', {hint: 'Set MUSTER_SWARM_NODES.'});
	const {volumes, names} = volumesOf({n1: ['data'], n2: noWay, n3: noWay, n5: ['data', 'log']});
	const nodes = [node('n1'), node('n2'), node('n3'), node('n4', 'down'), node('n5')];
	expect(await names(...nodes)).toEqual(['n1/data', 'n5/data', 'n5/log']);
	expect(volumes.gaps).toEqual([
		'n2, n3: the way to its engine is not known. Set MUSTER_SWARM_NODES.',
		'n4: it is down.',
	]);
});

test('what a node told holds while it cannot be asked, and goes with the node; it is not asked again at once', async () => {
	const answers: Record<string, readonly string[] | Error> = {n1: [], n2: ['data']};
	const {volumes, names, asked} = volumesOf(answers);
	expect(await names(node('n1'), node('n2'))).toEqual(['n2/data']);
	answers.n2 = new Error('nobody is there');
	expect(await names(node('n1'), node('n2'))).toEqual(['n2/data']);
	expect(volumes.gaps).toEqual(['n2: nobody is there.']);
	expect(await names(node('n1'), node('n2'))).toEqual(['n2/data']);
	expect(asked.filter(name => name === 'n2')).toHaveLength(2);
	expect(await names(node('n1'), node('n2', 'down'))).toEqual(['n2/data']);
	expect(await names(node('n1'))).toEqual([]);
	expect(volumes.gaps).toEqual([]);
});

test('nodes of one name are told apart by their ids', async () => {
	const {names} = volumesOf({n1: ['data']});
	expect(await names(node('n1'), {...node('n1'), ID: 'other'})).toEqual(['n1-id/data', 'other/data']);
});
