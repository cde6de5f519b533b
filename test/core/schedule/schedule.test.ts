import {describe, expect, test} from 'vitest';
import {schedule} from '../../../source/core/schedule/schedule.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {pendingOf, viewOf} from '../../helpers/scheduling.ts';

/** A cluster with pending instances in, `web.1 n1` or `web.1: reason` for each of them out, a line each. */
function check(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const world = readCluster(cluster);
		const {placements, refusals} = schedule(pendingOf(world), viewOf(world));
		const nameOf = (id: string) => id.replace(/-id$/, '');
		const found = [
			...placements.map(({instanceId, nodeId}) => `${nameOf(instanceId)} ${nameOf(nodeId)}`),
			...refusals.map(({instanceId, reason}) => `${nameOf(instanceId)}: ${reason}`),
		];
		expect(found).toEqual(
			expected
				.split(/\n/)
				.map(line => line.trim())
				.filter(Boolean),
		);
	});
}

describe('spreads', () => {
	check(
		'over nodes first',
		`node n1 · node n2 · node n3
		service web · instance web.1 · instance web.2 · instance web.3 · instance web.4`,
		`web.1 n1
		web.2 n2
		web.3 n3
		web.4 n1`,
	);
	check(
		'by what already runs of the same service, whatever else is there',
		`node n1 · node n2
		service web · service api
		instance api.1 on n2 running · instance api.2 on n2 running
		instance web.1 on n1 running · instance web.2 · instance web.3`,
		`web.2 n2
		web.3 n1`,
	);
	check(
		'to the lowest share reserved, then to the fewest instances, then to the lowest id',
		`node n1 cpus 4 · node n2 cpus 8 · node n3 cpus 8 · node n4 cpus 8
		service load reserve cpus 2 · service small
		instance load.1 on n1 running · instance load.2 on n2 running
		instance small.1 on n3 running
		service web · instance web.1 · instance web.2 · instance web.3 · instance web.4`,
		`web.1 n4
		web.2 n3
		web.3 n2
		web.4 n1`,
	);
	check(
		'memory counts as much as CPU does',
		`node n1 · node n2
		service cpu reserve cpus 2 · service memory reserve memory 8GiB
		instance memory.1 on n1 running · instance cpu.1 on n2 running
		service web · instance web.1`,
		'web.1 n2',
	);
	check(
		'over the values of a label, then over the nodes in them',
		`node n1 zone=a · node n2 zone=a · node n3 zone=a · node n4 zone=b
		service web prefer spread=node.labels.zone
		instance web.1 · instance web.2 · instance web.3 · instance web.4`,
		`web.1 n1
		web.2 n4
		web.3 n2
		web.4 n4`,
	);
	check(
		'level by level, nodes without a label together',
		`node n1 zone=a rack=1 · node n2 zone=a rack=1 · node n3 zone=a rack=2 · node n4 · node n5
		service web prefer spread=node.labels.zone prefer spread=node.labels.rack
		instance web.1 · instance web.2 · instance web.3 · instance web.4 · instance web.5 · instance web.6`,
		`web.1 n1
		web.2 n4
		web.3 n3
		web.4 n5
		web.5 n2
		web.6 n4`,
	);
	check(
		'counts what stays on a cordoned node, not what leaves a draining one',
		`node n1 zone=a cordoned · node n2 zone=a · node n3 zone=b · node n4 zone=b draining
		service web prefer spread=node.labels.zone
		instance web.1 on n1 running · instance web.2 on n4 running
		instance web.3`,
		'web.3 n3',
	);
	check(
		'does not count what is told to stop, although it still takes its room',
		`node n1 cpus 2 · node n2 cpus 1
		service web reserve cpus 1
		instance web.1 on n1 running stopping updated · instance web.2 on n2 running
		instance web.3`,
		'web.3 n1',
	);
});

describe('refuses', () => {
	const waiting = 'service web reserve cpus 4 · instance web.1';
	check('without nodes', waiting, 'web.1: there is no node');
	check(
		'with the largest that would fit',
		`node n1 cpus 8 · node n2 cpus 2 · service old reserve cpus 6.5 · instance old.1 on n1 running · ${waiting}`,
		'web.1: no node has 4 CPUs free: the most is n2 with 2',
	);
	check(
		'memory in its own words',
		'node n1 memory 512MiB · service web reserve memory 1.5GiB · instance web.1',
		'web.1: no node has 1.5 GiB of memory free: the most is n1 with 512 MiB',
	);
	check(
		'with the count of each other reason behind it',
		`node n1 cpus 1 · node n2 cordoned · node n3 cordoned · node n4 down · ${waiting}`,
		'web.1: no node has 4 CPUs free: the most is n1 with 1; 2 cordoned, 1 down',
	);
	check(
		'by states and conditions alone',
		`node n1 cordoned zone=a · node n2 drained zone=a · node n3 zone=b · node n4 unknown · node n5 removing · node n6 fencing
		service web constraint node.labels.zone==a constraint node.name!=n1 · instance web.1`,
		'web.1: no node fits: 1 cordoned, 1 drained, 1 lacks node.labels.zone==a, 1 not heard of, 1 being removed, 1 down',
	);
	check(
		'CPU here and memory there',
		`node n1 cpus 1 · node n2 memory 1GiB · node n3 memory 2GiB
		service web reserve cpus 4 reserve memory 4GiB · instance web.1`,
		`web.1: no node fits: 1 lacks CPUs (needs 4 CPUs, the most is n1 with 1), 2 lack memory (needs 4 GiB of memory, the most is n3 with 2 GiB)`,
	);
	check(
		'what is over the limit per node',
		`node n1 · node n2 · service web max-per-node 1
		instance web.1 · instance web.2 · instance web.3`,
		`web.1 n1
		web.2 n2
		web.3: no node fits: 2 hold the most allowed per node (1)`,
	);
	check(
		'what a machine no longer has, although its nodes would',
		`machine box cpus 2 memory 4GiB
		node n1 cpus 2 memory 4GiB machine box · node n2 cpus 2 memory 4GiB machine box
		service web reserve cpus 0.75 · instance web.1 · instance web.2 · instance web.3`,
		`web.1 n1
		web.2 n2
		web.3: no node has 0.75 CPUs free: the most is n1 with 0.5, which is all that its machine has left`,
	);
	check(
		'one instance and goes on with the others',
		`node n1 cpus 2 · service big reserve cpus 4 · instance big.1 at 1s · service web · instance web.1 at 2s`,
		`web.1 n1
		big.1: no node has 4 CPUs free: the most is n1 with 2`,
	);
	check(
		'what asks for nonsense, in its own words',
		'node n1 · service web constraint zone==a · instance web.1',
		'web.1: constraint "zone==a" asks for "zone": allowed is node.id, node.name, node.hostname, node.role or node.labels.KEY, then == or != and a value',
	);
});

describe('admits', () => {
	check(
		'to the last thousandth of a CPU',
		`node n1 cpus 0.3 · service web reserve cpus 0.1 · instance web.1 · instance web.2 · instance web.3 · instance web.4`,
		`web.1 n1
		web.2 n1
		web.3 n1
		web.4: no node has 0.1 CPUs free: the most is n1 with 0`,
	);
	check(
		'a global instance only to its node',
		`node n1 · node n2 cordoned · node n3 cpus 1 · service logs global reserve cpus 2
		instance logs.n1 · instance logs.n2 · instance logs.n3`,
		`logs.n1 n1
		logs.n2: n2: cordoned
		logs.n3: n3: needs 2 CPUs, 1 free`,
	);
});

describe('orders', () => {
	check(
		'the oldest first, when not all find room',
		`node n1 cpus 1 · service web reserve cpus 1 · service api reserve cpus 1
		instance api.1 at 20s · instance web.1 at 10s`,
		`web.1 n1
		api.1: no node has 1 CPU free: the most is n1 with 0`,
	);
	const failing = (version: number, seconds: number) =>
		Array.from(
			{length: 5},
			(_, run) => `instance web.1 id f${run} failed on n1 version ${version} at ${seconds}s`,
		).join('\n');
	check(
		'a node where the service keeps failing last',
		`at 400s · node n1 · node n2 cpus 1 · service load reserve cpus 1 · instance load.1 on n2 running
		service web version 2 · ${failing(2, 200)}
		instance web.1 at 400s · instance web.2 at 400s`,
		`web.1 n2
		web.2 n2`,
	);
	check(
		'but before it is not placed at all',
		`at 400s · node n1 · node n2 cordoned · service web version 2 · ${failing(2, 200)}
		instance web.1 at 400s`,
		'web.1 n1',
	);
	check(
		'failures of another version or of long ago do not count',
		`at 400s · node n1 · node n2 · service web version 2 · service api
		${failing(1, 200)}
		instance api.1 on n2 running
		instance web.1 at 400s`,
		'web.1 n1',
	);
	// A restored state, or a machine that was off: all went to the one node where nothing had run.
	check(
		'nor do ends that nobody saw',
		`at 400s · node n1 · node n2 · service web · service api
		${failing(1, 390).replaceAll(' at', ' because "its agent knows nothing of it" at')}
		instance api.1 on n2 running
		instance web.1 at 400s`,
		'web.1 n1',
	);
	check(
		'nor do those of more than five minutes ago',
		`at 400s · node n1 · node n2 · service web · service api
		${failing(1, 99)}
		instance api.1 on n2 running
		instance web.1 at 400s`,
		'web.1 n1',
	);
});

describe('holds on a machine', () => {
	check(
		'as many instances as may be there, whatever their service and node',
		`machine box instances 3 · node n1 machine box · node n2 machine box
		service old · instance old.1 on n1 running
		service web · instance web.1 · instance web.2 · instance web.3`,
		`web.1 n2
		web.2 n1
		web.3: no node fits: 2 on a machine with the most instances allowed (3)`,
	);
	check(
		'what goes to one node no more than that',
		`machine box instances 1 · node n1 machine box · node n2 machine box
		service old · instance old.1 on n1 running
		service logs global · instance logs.n2 on n2`,
		'logs.n2: n2: on a machine with the most instances allowed (1)',
	);
});
