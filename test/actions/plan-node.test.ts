import {check} from './plan-text.ts';

check(
	'drain',
	'at 60s · node n1',
	['node.drain', 'n1', 'deadline=5m'],
	[
		'apply n1 {"availability":"drained","drainDeadlineAt":360000} if 1',
		'undo: apply n1 {"availability":"active","drainDeadlineAt":null}',
		'Drain n1, which moves nothing?',
		'$ muster node drain --deadline=5m n1',
	],
);
check(
	'cordon',
	'node n1',
	['node.cordon', 'n1'],
	[
		'apply n1 {"availability":"cordoned","drainDeadlineAt":null} if 1',
		'undo: apply n1 {"availability":"active","drainDeadlineAt":null}',
		'$ muster node cordon n1',
	],
);
check(
	'uncordon',
	'node n1 cordoned',
	['node.uncordon', 'n1'],
	[
		'apply n1 {"availability":"active","drainDeadlineAt":null} if 1',
		'undo: apply n1 {"availability":"cordoned","drainDeadlineAt":null}',
		'$ muster node uncordon n1',
	],
);
check(
	'node add takes the first free name',
	'node n1 · node n3',
	['node.add', '', 'cpus=2', 'label=zone=a'],
	[
		'apply n2 create {"availability":"active","labels":{"zone":"a"},"capacity":{"cpus":2}}',
		'undo: remove n2',
		'$ muster node add --cpus=2 --label=zone=a',
	],
);
// The path in the specification was named, which no user has written.
check(
	'node add names the flag',
	'',
	['node.add', '', 'cpus=0'],
	['usage: --cpus must be a number from 0.001 to 1000000, found 0'],
);
check(
	'node add refuses a name that is taken',
	'node n1',
	['node.add', '', 'name=n1'],
	['conflict: there is a node n1 already'],
);
check(
	'node label',
	'node n1 zone=a',
	['node.label', 'n1', 'labels=zone=b', 'labels=disk-', 'labels=a-b=c-'],
	[
		'apply n1 {"labels":{"zone":"b","disk":null,"a-b":"c-"}} if 1',
		'undo: apply n1 {"labels":{"zone":"a","disk":null,"a-b":null}}',
		'$ muster node label n1 zone=b disk- a-b=c-',
	],
);
check(
	'node label asks before what Kubernetes knows a node by is taken away',
	'node n1',
	['node.label', 'n1', 'labels=disk-', 'labels=kubernetes.io/hostname-', 'labels=topology.kubernetes.io/zone-'],
	[
		'apply n1 {"labels":{"disk":null,"kubernetes.io/hostname":null,"topology.kubernetes.io/zone":null}} if 1',
		'undo: apply n1 {"labels":{"disk":null,"kubernetes.io/hostname":null,"topology.kubernetes.io/zone":null}}',
		'Take away what Kubernetes itself knows n1 by: kubernetes.io/hostname, topology.kubernetes.io/zone?',
		'$ muster node label n1 disk- kubernetes.io/hostname- topology.kubernetes.io/zone-',
	],
);
check(
	'node label refuses what is no key',
	'node n1',
	['node.label', 'n1', 'labels=-x=1'],
	[
		'usage: KEY=VALUE has the key "-x", but a key must be letters, digits and "._/-", at most 255 characters, beginning and ending with a letter or digit',
	],
);
check(
	'node fail',
	'node n1',
	['node.fail', 'n1', 'for=5s'],
	['failed node n1 for 5s', 'Cut the power of n1, which kills its 0 instances?', '$ muster node fail --for=5s n1'],
);
