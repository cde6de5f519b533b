import {expect, test} from 'vitest';
import {type Explained, explainObject} from '../../../source/core/explain/explain.ts';
import {placesOf} from '../../../source/core/explain/instance.ts';
import {findTroubles} from '../../../source/core/troubles/find-troubles.ts';
import {named, readCluster} from '../../helpers/cluster-text.ts';

/** Each question with its answers; those of troubles begin with what is wrong. */
function check(what: string, cluster: string, name: string, expected: string): void {
	test(what, () => {
		const world = readCluster(cluster);
		const objects: readonly Explained[] = [...world.services, ...world.instances, ...world.nodes];
		const explained = explainObject(world, named(objects, name), findTroubles(world));
		const lines = explained.flatMap(({question, lines: answer}) => [question, ...answer.map(({text}) => `  ${text}`)]);
		expect(lines.join('\n')).toBe(
			expected
				.split('\n')
				.map(line => line.replace(/^\t\t/, ''))
				.join('\n')
				.trim(),
		);
	});
}

check(
	'an instance that waits: what each node says, and what helps',
	`at 60s · node n1 ready cpus 1 · node n2 cordoned cpus 4
	service web replicas 2 reserve cpus 1 · instance web.1 on n1 running · instance web.2 pending because "no room"`,
	'web.2',
	`Its state
		  pending since 60s
		Why it waits
		  no room
		  n1: needs 1 CPU, 0 free
		  n2: cordoned
		What is wrong: web waits for a node
		  1 of 2 instances: no room
		  n2 has room, but is cordoned: let it take work again.`,
);

check(
	'one that the engine cannot start: its reason once',
	`at 60s · node n1 · service web replicas 1
	instance web.1 on n1 preparing unhealthy says "no such image" because "no such image"`,
	'web.1',
	`Its state
		  preparing on n1 since 60s: no such image
		Why it is there
		  no other node could take it now
		  n1: has it
		What is wrong: Image nodejs is missing
		  1 instance of web cannot start: no such image
		  See that its name is right and that the nodes may pull it, or give web another image.`,
);

check(
	'who may not see the nodes is told what the engine says, and nothing of other nodes',
	'at 60s · service web replicas 2 · instance web.1 because "no room" · instance web.2 running at 10s',
	'web.1',
	`Its state
		  pending since 60s
		Why it waits
		  no room
		What is wrong: web waits for a node
		  1 of 2 instances: no room
		  Add a node, or bring one back.`,
);

test('one of no service that waits says why; its place is nobody else’s', () => {
	const world = readCluster(
		'at 60s · node n1 · service x replicas 2 · instance x.1 because "no room" · instance x.2 on n1',
	);
	const [waits, other] = world.instances.map(one => ({...one, serviceId: '', slot: 0}));
	const alone = {...world, services: [], instances: [waits!, other!]};
	const [state] = explainObject(alone, waits!, []);
	expect(state?.lines.map(({text}) => text)).toEqual(['pending since 60s: no room']);
	const placeOf = placesOf([]);
	expect(placeOf(waits!)).not.toBe(placeOf(other!));
});

check(
	'one that runs: where else it could be',
	`at 60s · node n1 ready · node n2 ready · node n3 drained
	service web replicas 2 · instance web.1 on n1 running at 10s · instance web.2 on n2 running at 10s`,
	'web.1',
	`Its state
		  running on n1 since 50s
		Why it is there
		  1 other node could take it; the scheduler takes the node with the fewest of web, then the one with most left
		  n1: has it
		  n2: could take it, runs 1 of web
		  n3: drained`,
);

check(
	'the runs before it, each with its end',
	`at 60s · node n1 ready · service web replicas 1
	instance web.1 on n1 running at 50s created 50s restarts 1 · instance web.1 failed at 40s exit 3 on n1 stopping "" id old`,
	'web.1',
	`Its state
		  running on n1 since 10s
		Why it is there
		  no other node could take it now
		  n1: has it
		Why it was restarted
		  1 restart of its slot so far
		  20s ago: failed on n1 with exit code 3`,
);

check(
	'a node that is drained',
	`at 60s · node n1 draining · node n2 ready cpus 0.5
	service web replicas 1 reserve cpus 1 · instance web.1 on n1 running
	instance web.1 pending because "no room" replaces web.1-id id next`,
	'n1',
	`Its state
		  ready since 60s, draining
		  1 instance, 1 of 8 CPUs and 0 B of 16 GiB reserved
		Why it takes no work
		  was drained by a user: muster node uncordon opens it
		What holds its drain up
		  web.1 finds no other place: no room
		Why it is there
		  made 60s ago
		What is wrong: The drain of n1 is stuck
		  1 instance of web cannot go elsewhere: no room
		  Make room, or cancel the drain.`,
);

check(
	'what is placed by an engine with rules of its own: nothing is told of these',
	`at 60s · node n1 ready · node n2 ready · service web replicas 2 kind deployment
	instance web.1 on n1 running · instance web.2 on n2 running`,
	'web.1',
	`Its state
		  running on n1 since 60s
		Why it is there
		  1 other node could take it; the engine's own scheduler has chosen this one
		  n1: has it
		  n2: could take it, runs 1 of web`,
);

check(
	'a service of such an engine',
	'at 60s · node n1 ready · service web replicas 1 kind deployment · instance web.1 on n1 running',
	'web',
	`Its state
		  0 of 0 run, 0 healthy
		Why so many
		  1 instance asked for by a user
		Why there
		  n1 1`,
);

check(
	'a service: how many, where, what waits',
	`at 60s · node n1 ready cpus 1 · node n2 ready cpus 1
	service web replicas 3 reserve cpus 1 constraint node.name!=n9 · instance web.1 on n1 running
	instance web.2 on n2 running · instance web.3 pending because "no room"`,
	'web',
	`Its state
		  0 of 0 run, 0 healthy
		Why so many
		  3 instances asked for by a user
		Why there
		  n1 1, n2 1
		  each went to the node with the fewest of web, then the one with most left
		  only nodes with node.name!=n9
		Why some wait
		  web.3: no room
		What is wrong: web waits for a node
		  1 of 3 instances: no room
		  Add a node or stop something else: nothing is left to reserve.`,
);
