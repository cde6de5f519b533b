import {describe, expect, test} from 'vitest';
import {explain} from '../../../source/core/schedule/explain.ts';
import {named, readCluster} from '../../helpers/cluster-text.ts';
import {pendingOf, viewOf} from '../../helpers/scheduling.ts';

/** A cluster with `web.1` pending in, a line per node out. */
function check(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const world = readCluster(cluster);
		const {id} = named(world.instances, 'web.1');
		const [pending] = pendingOf(world).filter(({instanceId}) => instanceId === id);
		const verdicts = explain(pending!, viewOf(world)).map(
			({node, refusal}) => `${node.name}: ${refusal?.reason ?? 'fits'}`,
		);
		expect(verdicts).toEqual(expected.split('\n').map(line => line.trim()));
	});
}

describe('explains a pending instance, node by node', () => {
	check(
		'by the first filter that refuses',
		`machine box cpus 1.5 memory 4GiB
		node n3 cpus 2 zone=a · node n1 down cordoned · node n2 cordoned zone=b · node n4 zone=b · node n5 draining zone=a
		node n6 memory 512MiB zone=a · node n7 cpus 2 zone=a machine box · node n8 zone=a · node n9 zone=a
		service web replicas 3 reserve cpus 2 reserve memory 1GiB constraint node.labels.zone==a constraint node.name!=n9 max-per-node 1
		service load reserve cpus 1.5 · instance load.1 on n3 running
		instance web.1 · instance web.2 on n8 running · instance web.3`,
		`n1: down
		n2: cordoned
		n3: needs 2 CPUs, 0.5 free
		n4: lacks node.labels.zone==a
		n5: draining
		n6: needs 1 GiB of memory, 512 MiB free
		n7: needs 2 CPUs, its machine has 1.5 free
		n8: runs 1 of it, at most 1 may be on a node
		n9: excluded by node.name!=n9`,
	);
	check('where nothing is in the way', 'node n1 · service web · instance web.1', 'n1: fits');
});
