import {describe, expect, test} from 'vitest';
import type {Progress, World} from '../../source/actions/action.ts';
import {drainProgress, nodeRemovalProgress, readyProgress} from '../../source/actions/node/node-progress.ts';
import {removalProgress, serviceProgress} from '../../source/actions/service/service-progress.ts';
import {assert} from '../../source/core/error.ts';
import {readCluster} from '../helpers/cluster-text.ts';

type Target = {id: string; name: string; instances: number};

/** `web-id` is the id of what is called web in a text. */
function checkWith(progress: (world: World, target: Target) => Progress, name: string) {
	return (title: string, cluster: string, expected: string) => {
		test(title, () => {
			const found = progress(readCluster(cluster), {id: `${name}-id`, name, instances: 2});
			const figures = found.state === 'waiting' ? ` (${found.done}/${found.total})` : '';
			const trouble = found.state === 'waiting' && found.trouble !== undefined ? ` ! ${found.trouble}` : '';
			expect(`${found.state}${figures}: ${found.message}${trouble}`).toBe(expected);
		});
	};
}

describe('of what an engine runs by a schedule', () => {
	const check = checkWith(serviceProgress, 'web');

	check('it waits', 'service web job 1 kind cronjob says "at 0 3 * * *"', 'reached: web: at 0 3 * * *');
});

describe('of a replicated service', () => {
	const check = checkWith(serviceProgress, 'web');

	check('nothing is there yet', 'service web replicas 2', 'waiting (0/2): web: 0 of 2 running');
	check(
		'all run',
		'node n1 · service web replicas 2 · instance web.1 on n1 running · instance web.2 on n1 running',
		'reached: web: 2 of 2 running',
	);
	check('none are asked', 'service web replicas 0', 'reached: web: 0 of 0 running');
	check(
		'health is waited for',
		'node n1 · service web replicas 2 health · instance web.1 on n1 running healthy · instance web.2 on n1 running checking',
		'waiting (1/2): web: 1 of 2 healthy · 1 starting',
	);
	check(
		'what is too much has to end',
		'node n1 · service web replicas 1 · instance web.1 on n1 running · instance web.2 on n1 running stopping "scaled down"',
		'waiting (1/2): web: 1 of 1 running · 1 stopping',
	);
	check(
		'an old version has to go',
		'node n1 · service web version 2 · instance web.1 on n1 running version 1',
		'waiting (0/1): web: 0 of 1 running',
	);
	check(
		'as long as the version before serves, those that were updated are told',
		`at 20s · node n1 · service web replicas 3 version 2 updated 1/3 since 10s from 1
		instance web.1 on n1 running version 2 · instance web.2 on n1 starting version 2 · instance web.3 on n1 running version 1`,
		'waiting (1/3): web: 1 of 3 updated · 1 starting',
	);
	check(
		'and those that were taken back',
		`at 20s · node n1 · service web replicas 2 version 1 updated 1/2 since 10s from 2 back
		instance web.1 on n1 running version 1 · instance web.2 on n1 running version 2`,
		'waiting (1/2): web: 1 of 2 rolled back',
	);
	check(
		'a pending one says why',
		'node n1 · service web replicas 2 · instance web.1 on n1 running · instance web.2 pending because "no node has room"',
		'waiting (1/2): web: 1 of 2 running · 1 pending ! no node has room',
	);
	check(
		'a failing one says how often',
		`node n1 · service web
		instance web.1 on n1 failed at 1s exit 3 because "exit code 3" id a
		instance web.1 on n1 failed at 2s exit 3 because "exit code 3" id b
		instance web.1 on n1 starting at 3s id c`,
		'waiting (0/1): web: 0 of 1 running · 1 starting ! exit code 3 (2 times)',
	);
	check(
		'failures of an earlier version do not count',
		`node n1 · service web version 2
		instance web.1 on n1 failed at 1s because "exit code 3" version 1 id a
		instance web.1 on n1 starting at 3s version 2 id c`,
		'waiting (0/1): web: 0 of 1 running · 1 starting',
	);
	check(
		'an unhealthy one says what its check said',
		'node n1 · service web health · instance web.1 on n1 running unhealthy',
		'waiting (0/1): web: 0 of 1 healthy · 1 unhealthy ! web.1 is unhealthy: its health check fails',
	);
	check(
		'given up',
		`node n1 · service web replicas 2 restart none
		instance web.1 on n1 running · instance web.2 on n1 failed because "exit code 3"`,
		'failed: web: 1 of 2 running; web.2: exit code 3, not restarted: its restart condition is none',
	);
	check(
		'not yet given up while others are still coming',
		`node n1 · service web replicas 2 restart none
		instance web.1 on n1 starting · instance web.2 on n1 failed because "exit code 3"`,
		'waiting (0/2): web: 0 of 2 running · 1 starting ! exit code 3',
	);
	check('removed meanwhile', 'service web removing', 'failed: web was removed meanwhile');
	check('gone meanwhile', 'service api', 'failed: web was removed meanwhile');
});

describe('of a global service', () => {
	const check = checkWith(serviceProgress, 'web');

	check(
		'one on each node that takes work',
		`node n1 · node n2 cordoned · node n3 down · node n4 zone=b
		service web global constraint node.labels.zone!=b · instance web.n1 running`,
		'reached: web: 1 of 1 running',
	);
	check(
		'not there yet',
		'node n1 · node n2 · service web global · instance web.n1 running',
		'waiting (1/2): web: 1 of 2 running',
	);
});

describe('of a job', () => {
	const check = checkWith(serviceProgress, 'web');

	check(
		'counts what completed',
		'node n1 · service web job 3 · instance web.1 on n1 completed · instance web.2 on n1 running',
		'waiting (1/3): web: 1 of 3 completed · 1 running',
	);
	check(
		'all completed',
		'node n1 · service web job 2 · instance web.1 on n1 completed · instance web.2 on n1 completed',
		'reached: web: 2 of 2 completed',
	);
	check(
		'given up',
		'node n1 · service web job 1 restart none · instance web.1 on n1 failed because "exit code 1"',
		'failed: web: 0 of 1 completed; web.1: exit code 1, not restarted: its restart condition is none',
	);
});

describe('of a job on each node', () => {
	const check = checkWith(serviceProgress, 'web');

	// It was taken for a job of one completion, and done when the first node was.
	check(
		'counts the nodes that take it',
		'node n1 · node n2 · node n3 cordoned · service web global-job · instance web.n1 on n1 completed · instance web.n2 on n2 running',
		'waiting (1/2): web: 1 of 2 completed · 1 running',
	);
	check(
		'all completed',
		'node n1 · node n2 · service web global-job · instance web.n1 on n1 completed · instance web.n2 on n2 completed',
		'reached: web: 2 of 2 completed',
	);
});

describe('of a removal', () => {
	const check = checkWith(removalProgress, 'web');

	check('gone', 'service api', 'reached: web is removed');
	check(
		'waits for what runs',
		'node n1 · service web replicas 2 removing · instance web.1 on n1 running stopping x · instance web.2 on n1 stopped',
		'waiting (0/1): web: 1 left to stop',
	);
	check(
		'says who keeps it',
		'service web replicas 2 removing says "held by the finalizer x"',
		'waiting (0/0): web: 0 left to stop ! held by the finalizer x',
	);
});

describe('of a drain', () => {
	const check = checkWith(drainProgress, 'n1');

	check('drained', 'node n1 drained', 'reached: n1 is drained');
	check('cancelled', 'node n1', 'failed: the drain of n1 was cancelled');
	check('node gone', 'node n2', 'failed: n1 was removed meanwhile');
	check(
		'says what finds no other place',
		`node n1 draining · service web replicas 1 · instance web.1 on n1 running id old
		instance web.1 pending because "no node has room" replaces old id new`,
		'waiting (1/2): n1: 1 of 2 instances left ! web.1 finds no other place: no node has room',
	);
});

test('of a drain by evictions: what belongs to the node is not waited for', () => {
	const [node] = readCluster('node n1 draining').nodes;
	assert(node !== undefined, 'there is a node');
	const world = {...readCluster(''), nodes: [{...node, instances: 2, staying: 1}], images: []};
	expect(drainProgress(world, {...node, instances: 4})).toMatchObject({message: 'n1: 1 of 3 instances left', done: 2});
});

describe('of a node', () => {
	checkWith(readyProgress, 'n1')('ready', 'node n1', 'reached: n1 is ready');
	checkWith(readyProgress, 'n1')('not yet', 'node n1 unknown', 'waiting (0/1): n1 is unknown');
	checkWith(nodeRemovalProgress, 'n1')('removed', 'node n2', 'reached: n1 is removed');
	checkWith(nodeRemovalProgress, 'n1')('not yet removed', 'node n1', 'waiting (0/0): n1: 0 instances left');
});

test('of a drain that its engine holds up: what it waits for', () => {
	const [node] = readCluster('node n1 draining').nodes;
	assert(node !== undefined, 'there is a node');
	const waiting = {...node, instances: 1, status: {...node.status, message: 'db-0 stays: the disruption budget db'}};
	const world = {...readCluster(''), nodes: [waiting], images: []};
	expect(drainProgress(world, waiting)).toMatchObject({
		state: 'waiting',
		trouble: 'db-0 stays: the disruption budget db',
	});
});
