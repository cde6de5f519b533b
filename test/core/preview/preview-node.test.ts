import {describe} from 'vitest';
import type {Held} from '../../../source/core/held.ts';
import {previewCordon, previewUncordon} from '../../../source/core/preview/preview-cordon.ts';
import {previewDrain} from '../../../source/core/preview/preview-drain.ts';
import {previewFailNode, previewRemoveNode} from '../../../source/core/preview/preview-lost-node.ts';
import {type ClusterText, named} from '../../helpers/cluster-text.ts';
import {check, run} from './check.ts';

describe('a drain by evictions', () => {
	/** `staying` of the node's `instances` belong to it; budgets hold `db.1`. */
	const evict =
		(instances: number, staying: number, held: ReadonlyArray<Omit<Held, 'id'>> = []) =>
		(world: ClusterText) => {
			const n1 = {...named(world.nodes, 'n1'), instances, staying};
			const nodes = world.nodes.map(node => (node.id === n1.id ? n1 : node));
			const of = (name: string) => world.instances.find(one => one.name === name)?.id ?? name;
			const found = new Map([[n1.id, held.map(one => ({...one, id: of(one.name)}))]]);
			return previewDrain({...world, nodes, held: found}, n1);
		};
	check(
		'tells where instances are made anew, and how many go on meanwhile; what belongs to the node stays',
		evict(3, 1),
		`node n1 · node n2 · service agent global kind daemonset · service web replicas 3 kind deployment
		instance agent.n1 on n1 running healthy
		instance web.1 on n1 running healthy · instance web.2 on n1 running healthy · instance web.3 on n2 running healthy`,
		`2 instances are evicted; 1 stays: it belongs to the node
		web  2 → n2 2  1 of 3 go on meanwhile`,
	);
	check(
		'pods without places of their own find one, too',
		world => evict(1, 0)({...world, instances: world.instances.map(one => ({...one, slot: 0}))}),
		`node n1 · node n2 · service web replicas 2 kind deployment
		instance web.1 on n1 running healthy · instance web.2 on n2 running healthy`,
		`1 instance is evicted
		web  1 → n2 1  1 of 2 go on meanwhile`,
	);
	check(
		'what a budget holds goes on, and what nobody makes anew is named',
		evict(2, 0, [
			{name: 'bare', why: 'nothing makes it anew', goes: true},
			{name: 'db.1', why: 'disruption budget db'},
		]),
		`node n1 · node n2 · service db replicas 1 kind statefulset · instance db.1 on n1 running healthy`,
		`1 of 2 instances is evicted at once; disruption budgets hold 1, which the drain waits for
		db  1 → n2 1  0 at once, 1 later; 1 of 1 go on meanwhile
		others  1 →  not among what is listed here
		! bare  goes  nothing makes it anew
		! db.1  stays for now  disruption budget db`,
	);
	check(
		'of many that a budget lets go one after the other a few are named',
		evict(
			9,
			0,
			[2, 3, 4, 5, 6, 7, 8].map(slot => ({name: `web.${slot}`, why: 'disruption budget web: 2 at a time'})),
		),
		`node n1 · node n2 · service web replicas 9 kind deployment\n${run('web', 'n1 9')}`,
		`2 of 9 instances are evicted at once; disruption budgets hold 7, which the drain waits for
		web  9 → n2 9  2 at once, 7 later; 7 of 9 go on meanwhile
		! web.2  stays for now  disruption budget web: 2 at a time
		! web.3  stays for now  disruption budget web: 2 at a time
		! web.4  stays for now  disruption budget web: 2 at a time
		! web.5  stays for now  disruption budget web: 2 at a time
		! web.6  stays for now  disruption budget web: 2 at a time
		! 2 others  stay for now  disruption budget web: 2 at a time`,
	);
	check(
		'where budgets hold all, nothing goes',
		evict(1, 0, [{name: 'db.1', why: 'disruption budget db: 1 healthy, 1 must be'}]),
		'node n1 · node n2 · service db replicas 1 kind statefulset · instance db.1 on n1 running healthy',
		`nothing is evicted at once; disruption budgets hold 1, which the drain waits for
		db  1 → n2 1  0 at once, 1 later; 1 of 1 go on meanwhile
		! db.1  stays for now  disruption budget db: 1 healthy, 1 must be`,
	);
	check(
		'a run of a job begins again; what fits nowhere else is told',
		evict(2, 0),
		`node n1 cpus 8 · node n2 cpus 1 · service sums job 1 kind job · service web replicas 1 reserve cpus 4 kind deployment
		instance sums.1 on n1 running · instance web.1 on n1 running healthy`,
		`2 instances are evicted
		sums  1 → begins again  its run is cut off
		! web  1 → nowhere  needs 4 CPUs: n2 has 1 free`,
	);
});

describe('drain', () => {
	const drain = (name: string, deadlineMs?: number) => (world: ClusterText) =>
		previewDrain(world, named(world.nodes, name), deadlineMs);
	const busy = `node n1 cpus 8 · node n2 cpus 8 · node n3 cpus 8
		service web replicas 100 · service api replicas 12 · service worker replicas 1 reserve cpus 4
		service load replicas 2 reserve cpus 6.5 · service more replicas 1 reserve cpus 1
		${run('web', 'n1 34, n3 36, n2 30')}
		${run('api', 'n1 4, n3 5, n2 3')}
		${run('worker', 'n2')}
		${run('load', 'n1, n3')}
		${run('more', 'n3')}`;
	const rows = `
		web  30 → n1 16, n3 14  keeps 100 of 100 (new ones first)
		api  3 → n1 2, n3 1  keeps 12 of 12
		! worker  1 → nowhere  needs 4 CPUs: n1 has 1.5 free, n3 0.5`;
	check(
		'shows where each service goes, and what finds no place',
		drain('n2'),
		busy,
		`34 instances of 3 services: 33 move, 1 has nowhere to go, which the drain waits for${rows}`,
	);
	check(
		'says what becomes of the rest with a deadline',
		drain('n2', 300_000),
		busy,
		`34 instances of 3 services: 33 move, 1 has nowhere to go and is stopped after 5m${rows}`,
	);
	check(
		'only some of which find a place',
		drain('n1'),
		`node n1 · node n2 cpus 2 · node n3 cordoned · service web replicas 3 reserve cpus 1\n${run('web', 'n1 3')}`,
		`3 instances of 1 service: 2 move, 1 has nowhere to go, which the drain waits for
		! web  3 → n2 2, 1 nowhere  needs 1 CPU: n2 has 0 free; n3 cordoned`,
	);
	check(
		'of the only node',
		drain('n1'),
		`node n1 · service web\n${run('web', 'n1')}`,
		`1 instance of 1 service: 1 has nowhere to go, which the drain waits for
		! web  1 → nowhere  there is no other node`,
	);
	const withHeld =
		(deadlineMs?: number) =>
		(world: ClusterText): ReturnType<typeof previewDrain> => {
			const node = named(world.nodes, 'n1');
			const held = new Map([[node.id, [{id: 'x', name: 'db-0', why: 'disruption budget db: 3 healthy, 3 must be'}]]]);
			return previewDrain({...world, held}, node, deadlineMs);
		};
	check(
		'names what budgets hold, instance by instance',
		withHeld(),
		`node n1 · node n2 · service web\n${run('web', 'n1')}`,
		`1 instance of 1 service: 1 moves; disruption budgets hold 1, which the drain waits for
		web  1 → n2 1  keeps 1 of 1 (new ones first)
		! db-0  stays for now  disruption budget db: 3 healthy, 3 must be`,
	);
	check(
		'also what is not among the services that are shown',
		withHeld(60_000),
		'node n1',
		`disruption budgets hold 1, until 1m are over
		! db-0  stays for now  disruption budget db: 3 healthy, 3 must be`,
	);
	check('of an empty node', drain('n1'), 'node n1', 'no instance is on it: it is drained at once');
	check(
		'with services that do not move',
		drain('n1', 60_000),
		`node n1 · node n2 · service logs global · service batch job 3 · service web replicas 2
		instance logs.n1 running healthy · instance logs.n2 running healthy
		instance batch.1 on n1 running · instance batch.2 on n1 completed
		instance web.1 on n1 running · instance web.2 on n2 running unhealthy`,
		`3 instances of 3 services: 1 moves, 1 stops, 1 ends by itself
		batch  1 → stays until it ends  a run of a job is not moved, at most 1m
		logs  1 → stops  global: one runs on each node that takes work
		web  1 → n2 1  keeps 1 of 2 (new ones first)`,
	);
	check(
		'one after the other, where the machine has room for one more only',
		drain('n1'),
		`machine box cpus 3 memory 8GiB · node n1 machine box · node n2 machine box
		service web replicas 2 reserve cpus 1\n${run('web', 'n1 2')}`,
		`2 instances of 1 service: 2 move
		web  2 → n2 2  keeps 2 of 2 (new ones first)`,
	);
	check(
		'not at all, where the machine has no room for one more',
		drain('n1'),
		`machine box cpus 2 memory 8GiB · node n1 machine box · node n2 machine box · node n3 machine box
		service web replicas 2 reserve cpus 1\n${run('web', 'n1 2')}`,
		`2 instances of 1 service: 2 have nowhere to go, which the drain waits for
		! web  2 → nowhere  needs 1 CPU: the machine of n2, n3 has 0 free`,
	);
	check(
		'of a node that others were drained to before',
		drain('n2'),
		`node n1 · node n2 · service web
		instance web.1 id new on n2 running healthy replaces old`,
		`1 instance of 1 service: 1 moves
		web  1 → n1 1  keeps 1 of 1 (new ones first)`,
	);
	check(
		'that has begun already',
		drain('n1'),
		`node n1 draining · node n2 · service web replicas 2\n${run('web', 'n1 2')}
		instance web.1 id next on n2 starting replaces web.1-id created 5s`,
		`2 instances of 1 service: 2 move
		web  2 → n2 2  keeps 2 of 2 (new ones first)`,
	);
});

describe('cordon', () => {
	const cordon = (world: ClusterText) => previewCordon(world, named(world.nodes, 'n1'));
	const open = (world: ClusterText) => previewUncordon(world, named(world.nodes, 'n1'));
	check(
		'leaves what is there',
		cordon,
		`node n1 · service web\n${run('web', 'n1 2')}`,
		'2 instances stay, nothing new is placed on it',
	);
	check('of an empty node', cordon, 'node n1', 'no instance is on it, nothing new is placed on it');
	check(
		'taken back lets in what waits',
		open,
		`node n1 cordoned · node n2 cordoned · service web replicas 2 · instance web.1 · instance web.2 · service logs global`,
		'3 instances start (n1 +3)',
	);
	check('taken back with nothing that waits', open, 'node n1 cordoned', 'new instances may be placed on it');
	check(
		'taken back in the middle of a drain',
		open,
		`node n1 draining · service web\n${run('web', 'n1')}`,
		'new instances may be placed on it, 1 instance may stay',
	);
});

describe('a node that goes', () => {
	const remove = (world: ClusterText) => previewRemoveNode(world, named(world.nodes, 'n1'));
	const fail = (world: ClusterText) => previewFailNode(world, named(world.nodes, 'n1'));
	const busy = `node n1 · node n2 cpus 2 · service web replicas 4 · service big reserve cpus 4 · service logs global
		${run('web', 'n1 3, n2')}
		${run('big', 'n1')}
		instance logs.n1 running healthy`;
	check(
		'is not removed while it holds instances',
		remove,
		busy,
		`refused: it still holds 5 instances
		! n1  holds 5 instances  drain it first`,
	);
	check('is removed when it is empty', remove, 'node n1', 'no instance is on it, nothing stops');
	check(
		'by a power cut leaves less running for a while',
		fail,
		busy,
		`5 instances of 3 services end at once, 3 start anew elsewhere
		web  3 → n2 3  1 of 4 goes on meanwhile
		! big  1 → nowhere  needs 4 CPUs: n2 has 2 free
		logs  1 → ends  global: started again when the node is back`,
	);
	check('by a power cut when it is empty', fail, 'node n1', 'no instance is on it, nothing stops');
});
