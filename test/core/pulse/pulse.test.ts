import {expect, test} from 'vitest';
import {pulseOf} from '../../../source/core/pulse/pulse.ts';
import {PulseHistory, pulseFigures} from '../../../source/core/pulse/pulse-history.ts';
import {RestartCount} from '../../../source/core/pulse/restart-count.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {anInstance} from '../../helpers/objects.ts';

/** Counts other than 0, what is used, and of how much. */
function check(name: string, cluster: string, expected: string) {
	test(name, () => {
		const {services, nodes, instances, updating, usage, capacity, reserved} = pulseOf(readCluster(cluster));
		const counts = (what: object) =>
			Object.entries(what)
				.filter(([, count]) => count > 0)
				.map(([condition, count]) => `${count} ${condition}`)
				.join(' ');
		const parts = [
			`services ${counts(services)}${updating > 0 ? ` (${updating} updating)` : ''}`,
			`nodes ${counts(nodes)}`,
			`instances ${counts(instances)}`,
			`uses ${Object.entries(usage)
				.map(([figure, value]) => `${figure} ${value}`)
				.join(' ')} of ${capacity.cpus} cpus, ${reserved.cpus} reserved`,
		];
		expect(parts.map(part => part.trim()).join('\n')).toBe(expected.trim().replace(/^\s+/gm, ''));
	});
}

check(
	'instances in every condition',
	`
	node n1 · service web replicas 9 health
	instance web.1 on n1 running · instance web.2 on n1 running healthy · instance web.3 on n1 running checking
	instance web.4 on n1 running unhealthy · instance web.5 on n1 running stopping "scaled down" · instance web.6
	instance web.7 on n1 failed · instance web.8 on n1 completed · instance web.9 on n1 assigned
	`,
	`services 1 idle
	nodes 1 ready
	instances 2 healthy 2 starting 1 unhealthy 1 stopping 1 pending 1 failed 1 done
	uses  of 8 cpus, 0 reserved`,
);
check(
	'nodes: what is down, closed or unknown',
	'node n1 · node n2 down · node n3 unknown · node n4 cordoned · node n5 drained',
	`services
	nodes 1 ready 2 closed 1 unknown 1 down
	instances
	uses  of 40 cpus, 0 reserved`,
);
check(
	'a machine that is shared counts once; what is used is what the nodes say',
	`
	machine box cpus 6 · node n1 machine box cpus 4 uses cpus 1 uses memory 1000B · node n2 machine box cpus 4 uses cpus 2
	service web replicas 2 reserve cpus 1.5 desired 2 updating
	instance web.1 on n1 running uses cpus 0.25 · instance web.2 on n2 running uses cpus 0.25
	`,
	`services 1 down (1 updating)
	nodes 2 ready
	instances 2 healthy
	uses cpus 3 memoryBytes 1000 of 6 cpus, 3 reserved`,
);
check(
	'where no node is measured, its instances are',
	'node n1 · service web replicas 2 · instance web.1 on n1 running uses cpus 0.25 · instance web.2 on n1 running',
	`services 1 idle
	nodes 1 ready
	instances 2 healthy
	uses cpus 0.25 of 8 cpus, 0 reserved`,
);

test('restarts are counted by service, whatever comes and goes', () => {
	const count = new RestartCount();
	const [web, api] = [anInstance('web.1', {restarts: 7}), anInstance('api.1', {restarts: 2})];
	expect(count.since([web, api])).toBe(0);
	expect(count.since([{...web, restarts: 8}, api])).toBe(1);
	expect(count.since([{...api, restarts: 4}])).toBe(2);
	expect(count.since([{...api, restarts: 4}, anInstance('new.1')])).toBe(0);
});

test('a pulse is taken once a second, and kept', () => {
	const history = new PulseHistory();
	const world = readCluster('node n1 uses cpus 2 · service web replicas 1 · instance web.1 on n1 running');
	history.look(world, 0);
	const same = history.look({...world, instances: []}, 999);
	expect(same.instances.healthy).toBe(1);
	expect(history.look({...world, instances: []}, 1000).instances.healthy).toBe(0);
	const last = Object.fromEntries(pulseFigures.map(figure => [figure, history.of(figure, 1000).at(-1)]));
	expect(last).toEqual({
		healthy: 0.5,
		unwell: 0,
		pending: 0,
		nodes: 1,
		services: 0,
		cpus: 2,
		memoryBytes: undefined,
		requestsPerSecond: undefined,
		restarts: 0,
	});
});
