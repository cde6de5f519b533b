import {describe} from 'vitest';
import {check, checkStatus} from './check.ts';

describe('fills', () => {
	check('every node that takes work', 'service logs global · node n1 · node n2', 'create on n1 · create on n2');
	check(
		'none that is cordoned, silent, drained or going',
		`service logs global
		node n1 cordoned · node n2 down · node n3 unknown · node n4 drained · node n5 removing · node n6`,
		'create on n6',
	);
	check(
		'only those that meet the constraints',
		'service logs global constraint node.labels.zone==a · node n1 zone=a · node n2 zone=b',
		'create on n1',
	);
	check(
		'a node again as its restart policy says',
		`at 60s · service logs global restart-delay 5s · node n1 · node n2
		instance logs.n1 failed started 0s at 50s · instance logs.n2 failed started 0s at 58s`,
		'create on n1 (restarts 1 attempts 1) · again at 1m3s · because logs.n2: failed; is restarted after a delay',
	);
	check(
		'no node whose former instance is still to end',
		'service logs global · node n1 · instance logs.n1 running stopping updated',
		'',
	);
});

describe('stops', () => {
	check(
		'what is on a node that is drained',
		'service logs global · node n1 draining · instance logs.n1 running',
		'stop logs.n1-id drained',
	);
	check(
		'nothing on one that is only cordoned',
		'service logs global · node n1 cordoned · instance logs.n1 running',
		'',
	);
	check('nothing on one that is silent', 'service logs global · node n1 down fencing · instance logs.n1 running', '');
	check(
		'what is on a node that no longer meets the constraints',
		'service logs global constraint node.name!=n1 · node n1 · instance logs.n1 running',
		'stop logs.n1-id its node no longer meets the constraints',
	);
	check(
		'what is ill',
		'service logs global health · node n1 · instance logs.n1 running unhealthy says "no answer"',
		'stop logs.n1-id unhealthy: no answer',
	);
	check(
		'everything of a service that is removed',
		'service logs global removing · node n1 · instance logs.n1 running',
		'stop logs.n1-id service removed · because being removed',
	);
});

describe('updates', () => {
	check(
		'a node at a time',
		`service logs global version 2 updating · node n1 · node n2
		instance logs.n1 running version 1 · instance logs.n2 running version 1`,
		'stop logs.n1-id updated · updating 0 of 2',
	);
	check(
		'not counting nodes that take nothing new and hold nothing',
		`service logs global version 2 updating · node n1 · node n2 down
		instance logs.n1 running`,
		'updated 1 of 1',
	);
});

describe('counts', () => {
	checkStatus(
		'a place for each node that should hold one',
		`service logs global · node n1 · node n2 cordoned · node n3 drained · node n4
		instance logs.n1 running · instance logs.n2 running`,
		'desired 3 running 2 healthy 2 completed 0',
	);
});
