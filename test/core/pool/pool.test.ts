import {describe, expect, test} from 'vitest';
import type {PoolSpec} from '../../../source/core/model/index.ts';
import {noResources} from '../../../source/core/model/resources.ts';
import {decidePool} from '../../../source/core/pool/pool.ts';
import {poolDefaults} from '../../../source/core/pool/pool-spec.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {parseDuration} from '../../../source/core/text/units.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

type Given = Partial<PoolSpec> & {
	readonly removing?: boolean;
	/** Node → since when it was idle. */
	readonly idle?: Readonly<Record<string, string>>;
	readonly changed?: string;
};

const machine = {name: 'box', capacity: {cpus: 4, memoryBytes: 8 * 2 ** 30}};

/** The pool is called `p`; what is expected are the names that it adds, keeps, drains and removes, and why. */
function check(
	what: string,
	cluster: string,
	{removing = false, idle = {}, changed, ...spec}: Given,
	expected: string,
) {
	test(what, () => {
		const {now, nodes, instances, services} = readCluster(cluster);
		const specs = new Map(services.map(service => [service.id, service.spec]));
		const specOf = (id: string) => specs.get(id) ?? serviceSpec({});
		const decision = decidePool({
			pool: {
				name: 'p',
				spec: {...poolDefaults, ...spec},
				removing,
				status: changed === undefined ? {} : {changed: {at: parseDuration(changed), reason: ''}},
			},
			nodes,
			instances,
			specOf: ({serviceId}) => specOf(serviceId),
			reserveOf: ({serviceId}) => specs.get(serviceId)?.template.reserve ?? noResources,
			machine,
			idleSince: new Map(Object.entries(idle).map(([name, at]) => [`${name}-id`, parseDuration(at)])),
			now,
		});
		const nameOf = (id: string) => id.replace(/-id$/, '');
		const words = (['add', 'keep', 'drain', 'remove'] as const).flatMap(verb =>
			decision[verb].length === 0 ? [] : [`${verb} ${decision[verb].map(nameOf).join(' ')}`],
		);
		const again = decision.recheckAt === undefined ? [] : [`again at ${decision.recheckAt / 1000}s`];
		expect([...words, ...again, decision.reason].join(' · ')).toBe(expected);
	});
}

const box = 'machine box cpus 4 memory 8GiB\n';
const full = `${box} at 100s
	node n1 ready cpus 1 machine box
	service web replicas 4 reserve cpus 1
	instance web.1 on n1 running healthy`;

describe('room', () => {
	check(
		'for what waits, as few nodes as give it a place',
		`${full} · instance web.2 pending at 90s because "no room" · instance web.3 pending at 91s because "no room"`,
		{capacity: {cpus: 1}, max: 5},
		'add p-1 p-2 · web.2 and 1 more wait for room: 2 more nodes',
	);
	check(
		'two of them on one node',
		`${full} · instance web.2 pending at 90s because "no room" · instance web.3 pending at 91s because "no room"`,
		{capacity: {cpus: 2}, max: 5},
		'add p-1 · web.2 and 1 more wait for room: 1 more node',
	);
	check(
		'for what has waited since before the clock was set back',
		`${full} · instance web.2 pending at 3700s because "no room"`,
		{capacity: {cpus: 1}},
		'add p-1 · again at 3703s · web.2 waits for room: 1 more node',
	);
	check(
		'not before it has waited',
		`${full} · instance web.2 pending at 98s because "no room"`,
		{capacity: {cpus: 1}},
		'again at 101s · nothing waits for room, no node is idle',
	);
	check(
		'not for what the scheduler has not looked at',
		`${full} · instance web.2 pending at 90s`,
		{capacity: {cpus: 1}},
		'nothing waits for room, no node is idle',
	);
	check(
		'not more than it may have',
		`${full} · node p-1 ready pool p cpus 1 machine box · instance web.2 on p-1 running healthy
		instance web.3 pending at 90s because "no room"`,
		{capacity: {cpus: 1}, max: 1},
		'web.3 waits for room: it has all 1 node that it may have',
	);
	check(
		'not beyond the machine that all nodes share',
		`${box} at 100s · node n1 ready cpus 4 machine box · service web replicas 5 reserve cpus 1
		instance web.1 on n1 running · instance web.2 on n1 running · instance web.3 on n1 running
		instance web.4 on n1 running · instance web.5 pending at 90s because "no room"`,
		{capacity: {cpus: 1}},
		'web.5 waits for room: a node of it would not help: needs 1 CPU, its machine has 0 free',
	);
	check(
		'not for what none of its nodes could take',
		`${box} at 100s · node n1 ready cpus 1 machine box
		service web replicas 1 constraint node.labels.zone==b · instance web.1 pending at 90s because "no room"`,
		{labels: {zone: 'a'}},
		'web.1 waits for room: a node of it would not help: lacks node.labels.zone==b',
	);
	check(
		'for what its labels admit',
		`${box} at 100s · node n1 ready cpus 1 machine box
		service web replicas 1 constraint node.labels.zone==b · instance web.1 pending at 90s because "no room"`,
		{labels: {zone: 'b'}},
		'add p-1 · web.1 waits for room: 1 more node',
	);
	check(
		'not again while the node that it asked for starts',
		`${full} · node p-1 unknown pool p cpus 1 machine box · instance web.2 pending at 90s because "no room"`,
		{capacity: {cpus: 1}},
		'nothing waits for room, no node is idle',
	);
	check(
		'not after a start of the daemon, when no node was heard of yet',
		`${box} at 100s · node n1 unknown cpus 2 machine box · service web replicas 1 reserve cpus 1
		instance web.1 pending at 90s because "1 not heard of"`,
		{capacity: {cpus: 1}},
		'nothing waits for room, no node is idle',
	);
	check(
		'first by those that were to leave',
		`${full} · node p-1 draining pool p leaving cpus 1 machine box · instance web.4 on p-1 running
		instance web.2 pending at 90s because "no room" · instance web.3 pending at 91s because "no room"`,
		{capacity: {cpus: 1}, max: 2},
		'add p-2 · keep p-1 · web.2 and 1 more wait for room: 2 more nodes',
	);
	check(
		'names that are taken are left out',
		`${full} · node p-1 ready cpus 1 machine box cordoned · instance web.2 pending at 90s because "no room"`,
		{capacity: {cpus: 1}},
		'add p-2 · web.2 waits for room: 1 more node',
	);
});

describe('bounds', () => {
	check('as many as min says, at once', box, {min: 2}, 'add p-1 p-2 · 0 of at least 2 nodes');
	check(
		'those that leave stay first',
		`${box} node p-1 draining pool p leaving machine box · service web replicas 1 · instance web.1 on p-1 running`,
		{min: 2},
		'add p-2 · keep p-1 · 0 of at least 2 nodes',
	);
	check(
		'too many: those with the least on them go',
		`${box} node p-1 ready pool p machine box · node p-2 ready pool p machine box · node p-3 ready pool p machine box
		service web replicas 2 · instance web.1 on p-1 running · instance web.2 on p-3 running`,
		{max: 2},
		'drain p-2 · 3 of at most 2 nodes',
	);
});

const two = `${box} at 1000s · node n1 ready cpus 1 machine box · node p-1 ready pool p cpus 1 machine box`;

describe('idle', () => {
	check('not at once', two, {}, 'again at 1300s · p-1 is idle and goes after 5m');
	check('after its time', two, {idle: {'p-1': '700s'}}, 'drain p-1 · p-1 was idle for 5m');
	check(
		'after a change that lies ahead, too: the clock was set back since',
		two,
		{idle: {'p-1': '700s'}, changed: '2h'},
		'drain p-1 · p-1 was idle for 5m',
	);
	check(
		'not before the cooldown is over',
		two,
		{idle: {'p-1': '600s'}, changed: '980s'},
		'again at 1040s · p-1 is idle and goes after the cooldown',
	);
	check('not below min', two, {min: 1, idle: {'p-1': '0s'}}, '1 node, no fewer than 1 stay');
	check(
		'one at a time, the longest first',
		`${two} · node p-2 ready pool p cpus 1 machine box`,
		{idle: {'p-1': '600s', 'p-2': '500s'}},
		'drain p-2 · p-2 was idle for 5m',
	);
	check(
		'who works is not idle, however long it was so before',
		`${two} · service web replicas 1 · instance web.1 on p-1 running`,
		{idle: {'p-1': '0s'}},
		'nothing waits for room, no node is idle',
	);
	check(
		'what runs on every node does not count',
		`${two} · service log global · instance log.n1 on n1 running · instance log.p-1 on p-1 running`,
		{idle: {'p-1': '0s'}},
		'drain p-1 · p-1 was idle for 5m',
	);
	check(
		'who does little, when that has another place',
		`${two} · service web replicas 1 reserve cpus 0.2 · instance web.1 on p-1 running`,
		{idle: {'p-1': '0s'}, idleShare: 0.3},
		'drain p-1 · p-1 was idle for 5m',
	);
	check(
		'but not when it has none',
		`${two} · service web replicas 2 reserve cpus 0.2 constraint node.name==p-1 · instance web.1 on p-1 running`,
		{idle: {'p-1': '0s'}, idleShare: 0.3},
		'nothing waits for room, no node is idle',
	);
	check(
		'nor when it is a job',
		`${two} · service sum job 1 reserve cpus 0.2 · instance sum.1 on p-1 running`,
		{idle: {'p-1': '0s'}, idleShare: 0.3},
		'nothing waits for room, no node is idle',
	);
	check(
		'a node that a user has cordoned is left alone',
		two.replace('p-1 ready', 'p-1 cordoned'),
		{idle: {'p-1': '0s'}},
		'nothing waits for room, no node is idle',
	);
	check(
		'what has left goes',
		two.replace('pool p', 'drained pool p leaving'),
		{},
		'remove p-1 · nothing waits for room, no node is idle',
	);
	check(
		'not while something is on it',
		`${two.replace('pool p', 'draining pool p leaving')} · service web replicas 1 · instance web.1 on p-1 running`,
		{},
		'p-1 is drained, to leave',
	);
	check(
		'a drain that a user took back is none',
		two.replace('pool p', 'pool p leaving'),
		{},
		'again at 1300s · p-1 is idle and goes after 5m',
	);
});

describe('removal', () => {
	check('all nodes go, also below min', two, {min: 1, removing: true}, 'drain p-1 · is being removed with its nodes');
});
