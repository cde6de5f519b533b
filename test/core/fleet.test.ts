import {expect, test} from 'vitest';
import {clusterFigures, type FleetMember, memberState} from '../../source/core/fleet.ts';
import {readCluster} from '../helpers/cluster-text.ts';

/** What is said of a cluster, a minute after it was read. */
function check(name: string, text: string, expected: string, more: Partial<FleetMember> = {}) {
	test(name, () => {
		const {nodes, services} = readCluster(text);
		const figures = clusterFigures('local 0.1.0', nodes, services);
		const {tone, text: said} = memberState({name: 'local', figures, readAt: 0, ...more}, 60_000);
		expect(`${tone}: ${said}`).toBe(expected);
	});
}

check('all is well', 'node n1 · service web replicas 0 desired 0', 'good: ok');
check('nothing is there', '', 'good: ok');
check('a node is down', 'node n1 down · node n2', 'bad: 1 of 2 nodes is not ready');
check('nodes are down', 'node n1 down · node n2 down', 'bad: 2 of 2 nodes are not ready');
check(
	'a service lacks instances',
	'node n1 · service web replicas 2 desired 2',
	'bad: 1 of 1 services lacks instances',
);
check('what is paused lacks none', 'node n1 · service web replicas 2 desired 2 held', 'good: ok');
check('it has gone away', 'node n1 down', 'bad: as of 60s ago: nobody listens there', {
	trouble: 'nobody listens there',
});

test('one that has never answered', () => {
	expect(memberState({name: 'far'}, 0)).toEqual({tone: 'waiting', text: 'asking …'});
	expect(memberState({name: 'far', trouble: 'nobody listens there'}, 0).text).toBe('nobody listens there');
});
