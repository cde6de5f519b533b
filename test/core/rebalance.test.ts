import {expect, test} from 'vitest';
import {previewRebalance} from '../../source/core/preview/preview-rebalance.ts';
import {planRebalance} from '../../source/core/rebalance.ts';
import {readCluster} from '../helpers/cluster-text.ts';

/** `SLOT from → to` of each move, then why services stay. */
function check(what: string, cluster: string, expected: string, most = 10): void {
	test(what, () => {
		const world = readCluster(cluster);
		const {moves, left} = planRebalance(world, world.services, most);
		const texts = [
			...moves.map(({instance, from, to}) => `${instance.name} ${from.name}→${to.name}`),
			...left.map(({service, reason}) => `${service.name} ${reason}`),
		];
		expect(texts.join(', ') || 'nothing').toBe(expected);
	});
}

const instances = (service: string, node: string, from: number, to: number) =>
	Array.from(
		{length: to - from + 1},
		(_, index) => `instance ${service}.${from + index} on ${node} running at ${from + index}s`,
	).join('\n');

const three = 'at 100s\nnode n1 ready · node n2 ready · node n3 ready\n';

check(
	'to a node that has come, as many as make it even',
	`${three}service web replicas 6\n${instances('web', 'n1', 1, 3)}\n${instances('web', 'n2', 4, 6)}`,
	'web.3 n1→n3, web.6 n2→n3',
);
check(
	'not more than are allowed',
	`${three}service web replicas 6\n${instances('web', 'n1', 1, 3)}\n${instances('web', 'n2', 4, 6)}`,
	'web.3 n1→n3',
	1,
);
check(
	'what is even stays',
	`${three}service web replicas 4\n${instances('web', 'n1', 1, 2)}\n${instances('web', 'n2', 3, 3)}\n${instances('web', 'n3', 4, 4)}`,
	'nothing',
);
check(
	'services of one each: the nodes are made even, not all sent to the same',
	`${three}${['a', 'b', 'c', 'd', 'e', 'f'].map((name, at) => `service ${name} replicas 1\n${instances(name, at < 3 ? 'n1' : 'n2', 1, 1)}`).join('\n')}`,
	'a.1 n1→n3, d.1 n2→n3',
);
check(
	'not to where there is no room, nor beyond what is',
	`at 100s\nnode n1 ready cpus 8 · node n2 ready cpus 1 · node n3 cordoned cpus 8
	service web replicas 4 reserve cpus 1\n${instances('web', 'n1', 1, 4)}`,
	'web.4 n1→n2',
);
check(
	'nor against a constraint',
	`at 100s\nnode n1 ready zone=a · node n2 ready zone=b
	service web replicas 4 constraint node.labels.zone==a\n${instances('web', 'n1', 1, 4)}`,
	'nothing',
);
check(
	'what is on its way, ill or stopping does not move',
	`at 100s\nnode n1 ready · node n2 ready\nservice web replicas 3
	instance web.1 on n1 running unhealthy · instance web.2 on n1 starting · instance web.3 on n1 running stopping "scaled down"`,
	'nothing',
);
check(
	'global services and jobs stay',
	`at 100s\nnode n1 ready · node n2 ready\nservice log global · service sum job 2
	instance sum.1 on n1 running · instance sum.2 on n1 running`,
	'log global: one on each node, sum a run of a job is not moved',
);

test('the preview tells ways and why what was named stays', () => {
	const world = readCluster(
		`${three}service web replicas 6\n${instances('web', 'n1', 1, 6)}\nservice log global · instance log.n1 on n1 running`,
	);
	const {summary, rows} = previewRebalance(world, world.services, 10);
	expect(summary).toBe('4 instances of 1 service move, new ones first');
	expect(rows.map(({name, change, note}) => `${name} ${change} (${note})`)).toEqual([
		'web n1 → n2 2, n1 → n3 2 (each stops once its successor is healthy)',
		'log stays (global: one on each node)',
	]);
});
