import {previewRemoveStack} from '../../../source/core/preview/preview-remove-stack.ts';
import {type ClusterText, named} from '../../helpers/cluster-text.ts';
import {check, run} from './check.ts';

const cluster = `node n1 · node n2 · service web replicas 3 · service db\n${run('web', 'n1 2, n2')}\n${run('db', 'n2')}`;
const shop =
	(...parts: Parameters<typeof previewRemoveStack>[2]) =>
	(world: ClusterText) =>
		previewRemoveStack(world, [named(world.services, 'web'), named(world.services, 'db')], parts);

check(
	'what stops of each service',
	shop(),
	cluster,
	`2 services go; volumes stay
	web  3 stop (n1 −2, n2 −1)
	db  1 stops (n2 −1)`,
);
check(
	'what goes with the services',
	shop(
		{kind: 'secret', name: 'key', usedBy: ['web']},
		{kind: 'network', name: 'back', usedBy: ['web', 'db']},
		{kind: 'network', name: 'front', usedBy: []},
	),
	cluster,
	`2 services, 1 secret, 2 networks go; volumes stay
	web  3 stop (n1 −2, n2 −1)
	db  1 stops (n2 −1)
	key  the secret goes
	back  the network goes
	front  the network goes`,
);
check(
	'what is used by others as well',
	shop({kind: 'network', name: 'back', usedBy: ['web', 'other']}),
	cluster,
	`2 services, 1 network go; volumes stay
	web  3 stop (n1 −2, n2 −1)
	db  1 stops (n2 −1)
	! back  the network goes  used by other, which is not of this stack`,
);
