import {describe} from 'vitest';
import type {ServiceSpec} from '../../../source/core/model/index.ts';
import {previewCreate} from '../../../source/core/preview/preview-create.ts';
import {previewRemove} from '../../../source/core/preview/preview-remove.ts';
import {previewScale} from '../../../source/core/preview/preview-scale.ts';
import {previewUpdate} from '../../../source/core/preview/preview-update.ts';
import {type ClusterText, named, readCluster} from '../../helpers/cluster-text.ts';
import {check, run} from './check.ts';

const threeNodes = 'node n1 · node n2 · node n3\n';
const web = (world: ClusterText) => named(world.services, 'web');

describe('scale', () => {
	const scale = (replicas: number) => (world: ClusterText) => previewScale(world, web(world), replicas);
	check(
		'up, over the nodes',
		scale(8),
		`${threeNodes} service web replicas 3\n${run('web', 'n1, n2, n3')}`,
		'5 new (n1 +2, n2 +2, n3 +1), nothing stops',
	);
	check(
		'down, the highest slots',
		scale(3),
		`${threeNodes} service web replicas 6\n${run('web', 'n1, n2, n3, n2, n1, n2')}`,
		'3 stop (n2 −2, n1 −1): slots 4, 5, 6',
	);
	// Pods of a Deployment: which of them go is Kubernetes' choice, how many is not.
	const slotless = (replicas: number) => (world: ClusterText) =>
		previewScale({...world, instances: world.instances.map(one => ({...one, slot: 0}))}, web(world), replicas);
	check(
		'down, without slots',
		slotless(1),
		`${threeNodes} service web replicas 3\n${run('web', 'n1, n2, n3')}`,
		'2 stop',
	);
	check(
		'down, without slots, while an earlier one is on its way out',
		slotless(1),
		`${threeNodes} service web replicas 2\n${run('web', 'n1, n2')}
		instance web.3 on n3 running stopping "being deleted"`,
		'1 stops',
	);
	check(
		'up, without slots',
		slotless(5),
		`${threeNodes} service web replicas 3\n${run('web', 'n1, n2, n3')}`,
		'2 new (n1 +1, n2 +1), nothing stops',
	);
	check(
		'down to nothing',
		scale(0),
		`${threeNodes} service web replicas 30\n${run('web', 'n1 10, n2 10, n3 10')}`,
		'30 stop (n1 −10, n2 −10, n3 −10): slots 1 to 30',
	);
	check(
		'down by what never found a node',
		scale(1),
		`node n1 cordoned · service web replicas 2 · instance web.1 on n1 running · instance web.2`,
		'1 stops (pending −1): slot 2',
	);
	check(
		'to what it is',
		scale(3),
		'service web replicas 3',
		'nothing changes: 3 is what it has been asked for already',
	);
	check(
		'of what its load decides on',
		world => {
			const service = web(world);
			const autoscale = {min: 0, max: 8, targets: [], upWindowMs: 0, downWindowMs: 0, cooldownMs: 0};
			return previewScale(world, {...service, spec: {...service.spec, autoscale}}, 12);
		},
		`node n1 · service web replicas 11\n${run('web', 'n1 11')}`,
		'1 new (n1 +1), nothing stops; then its load decides again: 0 to 8',
	);
	check(
		'beyond what there is room for',
		scale(4),
		`node n1 cpus 2 · node n2 cpus 1.5 · service web replicas 1 reserve cpus 1\n${run('web', 'n1')}`,
		`2 new (n1 +1, n2 +1), 1 cannot be placed: no node has 1 CPU free: the most is n2 with 0.5
		! web  1 → nowhere  no node has 1 CPU free: the most is n2 with 0.5`,
	);
	check(
		'leaves what waits for a restart out of the count',
		scale(3),
		`${threeNodes} service web replicas 2\n${run('web', 'n1')} · instance web.2 on n2 failed exit 1`,
		'1 new (n3 +1), nothing stops',
	);
	check(
		'takes room that another pending instance is before it',
		scale(2),
		`node n1 cpus 2 · at 100s · service old reserve cpus 1 · instance old.1 at 1s
		service web replicas 1 reserve cpus 1\n${run('web', 'n1')}`,
		`nothing new, 1 cannot be placed: no node has 1 CPU free: the most is n1 with 0
		! web  1 → nowhere  no node has 1 CPU free: the most is n1 with 0`,
	);
	check(
		'a job, as many at a time as it may',
		scale(5),
		`${threeNodes} service web job 1 concurrent 2 · instance web.1 on n1 completed`,
		'2 new (n1 +1, n2 +1), 2 after these, nothing stops',
	);
	check(
		'over more nodes than can be named',
		scale(20),
		`${Array.from({length: 10}, (_, index) => `node n${index + 1}`).join('\n')}\n service web replicas 0`,
		'20 new (n1 +2, n2 +2, n3 +2, n4 +2, n5 +2, 5 other nodes +10), nothing stops',
	);
});

describe('create', () => {
	const create = (words: string) => (world: ClusterText) => {
		const {services} = readCluster(`service new ${words}`);
		return previewCreate(world, 'new', named(services, 'new').spec);
	};
	check('replicas', create('replicas 100'), threeNodes, '100 new (n1 +34, n2 +33, n3 +33), nothing stops');
	check(
		'one on each node that takes it',
		create('global constraint node.labels.zone==a'),
		'node n1 zone=a · node n2 zone=a cordoned · node n3 zone=a · node n4',
		'2 new (n1 +1, n3 +1), nothing stops',
	);
	check('global without a node', create('global'), 'node n1 cordoned', 'nothing new: no node takes it at present');
	check('a job on each node', create('global-job'), threeNodes, '3 new (n1 +1, n2 +1, n3 +1), nothing stops');
	check('a job', create('job 5 concurrent 2'), threeNodes, '2 new (n1 +1, n2 +1), 3 after these, nothing stops');
	check(
		'what fits nowhere',
		create('replicas 3 constraint node.labels.zone==a'),
		threeNodes,
		`nothing new, 3 cannot be placed: no node fits: 3 lack node.labels.zone==a
		! new  3 → nowhere  no node fits: 3 lack node.labels.zone==a`,
	);
});

describe('remove', () => {
	const remove = (world: ClusterText) => previewRemove(world, web(world));
	check(
		'stops all that lives',
		remove,
		`${threeNodes} service web replicas 3 · instance web.9 on n1 failed\n${run('web', 'n1, n2, n1')}`,
		'3 stop (n1 −2, n2 −1)',
	);
	check('of what has nothing', remove, 'service web replicas 0', 'nothing stops');
	const freed = (world: ClusterText) => {
		const ports = [{published: 8080, target: 80, protocol: 'tcp' as const}];
		return previewRemove(world, {...web(world), status: {...web(world).status, ports}});
	};
	check('frees ports', freed, `node n1 · service web\n${run('web', 'n1')}`, '1 stops (n1 −1), port 8080 is freed');
});

describe('update', () => {
	const update = (change: (spec: ServiceSpec) => Partial<ServiceSpec>) => (world: ClusterText) => {
		const {spec} = web(world);
		return previewUpdate(world, web(world), {...spec, ...change(spec)});
	};
	const image = update(({template}) => ({template: {...template, image: 'other'}}));
	const three = `${threeNodes} service web replicas 3\n${run('web', 'n1, n2, n3')}`;
	check('of the template', image, three, '3 replaced, one at a time, stop first');
	check(
		'by controllers with a strategy of their own',
		image,
		`${threeNodes} service web replicas 3 kind deployment\n${run('web', 'n1, n2, n3')}`,
		'3 replaced',
	);
	check('of one instance', image, `node n1 · service web\n${run('web', 'n1')}`, '1 replaced, stop first');
	check('of nothing that runs', image, 'node n1 · service web replicas 0', 'nothing is replaced');
	check(
		'of nothing',
		update(() => ({})),
		three,
		'nothing changes',
	);
	check(
		'of a label',
		update(() => ({labels: {a: 'b'}})),
		three,
		'no instance is replaced',
	);
	check(
		'of the number',
		update(() => ({replicas: 4})),
		three,
		'1 new (n1 +1), nothing stops',
	);
	check(
		'of template and number',
		update(({template}) => ({replicas: 2, template: {...template, image: 'other'}})),
		three,
		'2 replaced, one at a time, stop first, 1 stops (n3 −1): slot 3',
	);
	check(
		'with a node that takes nothing back',
		image,
		`node n1 cordoned · service web replicas 2\n${run('web', 'n1 2')}`,
		`2 replaced, one at a time, stop first, and then halts: no node fits: 1 cordoned
		! web  1 → nowhere  no node fits: 1 cordoned`,
	);
	check(
		'to what needs more room than there is for all',
		update(({template}) => ({template: {...template, reserve: {...template.reserve, cpus: 2}}})),
		`node n1 cpus 3 · node n2 cpus 3 · service web replicas 3 reserve cpus 1\n${run('web', 'n1, n2, n1')}`,
		`3 replaced, one at a time, stop first, and halts after 2: no node has 2 CPUs free: the most is n1 with 1
		! web  1 → nowhere  no node has 2 CPUs free: the most is n1 with 1`,
	);
	check(
		'of the constraints of a global service',
		update(({placement}) => ({placement: {...placement, constraints: ['node.labels.zone==b']}})),
		`node n1 zone=a · node n2 zone=b · service web global · instance web.n1 running healthy`,
		'1 stops (n1 −1)',
	);
});
