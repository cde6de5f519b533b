import {describe} from 'vitest';
import {check, checkStatus} from './check.ts';

describe('runs', () => {
	check('as many at the same time as asked', 'service batch job 3 concurrent 2', 'create slot 1 · create slot 2');
	check('all at once when nothing is said', 'service batch job 2', 'create slot 1 · create slot 2');
	check(
		'the next when one has completed',
		`at 9s · service batch job 3 concurrent 1 · node n1
		instance batch.1 on n1 completed exit 0`,
		'create slot 2',
	);
	check(
		'none while there are as many as asked',
		'service batch job 3 concurrent 1 · node n1 · instance batch.1 on n1 running',
		'',
	);
	check('no slot again that completed', 'service batch job 1 · node n1 · instance batch.1 on n1 completed exit 0', '');
	check(
		'it again for a new version',
		'service batch job 1 version 2 · node n1 · instance batch.1 on n1 completed exit 0 version 1',
		'create slot 1',
	);
	check(
		'a failed slot again',
		'at 20s · service batch job 1 · node n1 · instance batch.1 on n1 failed exit 1 started 0s at 15s',
		'create slot 1 (restarts 1 attempts 1)',
	);
	check(
		'it not, when it is not to be restarted',
		'at 20s · service batch job 1 restart none · node n1 · instance batch.1 on n1 failed exit 1 at 15s because "exit code 1"',
		'because batch.1: exit code 1; not restarted: its restart condition is none',
	);
	check(
		'a lost slot again',
		'at 20s · service batch job 1 restart none · node n1 · instance batch.1 on n1 lost at 15s',
		'create slot 1',
	);
	check(
		'none in the place of one that is still to end',
		'service batch job 1 · node n1 · instance batch.1 on n1 running stopping updated',
		'',
	);
	check(
		'a waiting failure does not keep others from running',
		`at 20s · service batch job 2 concurrent 1 restart-delay 10s · node n1
		instance batch.1 on n1 failed exit 1 started 0s at 15s`,
		'create slot 2 · again at 25s · because batch.1: failed; is restarted after a delay',
	);
});

describe('stops', () => {
	check(
		'what is no longer asked for',
		'service batch job 1 · node n1 · instance batch.1 on n1 running · instance batch.2 on n1 running',
		'stop batch.2-id scaled down',
	);
	check(
		'what is of an older version',
		'service batch job 1 version 2 · node n1 · instance batch.1 on n1 running version 1',
		'stop batch.1-id updated',
	);
	check(
		'no run on a draining node before the deadline',
		'at 5s · service batch job 1 · node n1 draining deadline 10s · instance batch.1 on n1 running',
		'again at 10s',
	);
	check(
		'it then',
		'at 10s · service batch job 1 · node n1 draining deadline 10s · instance batch.1 on n1 running',
		'stop batch.1-id drained',
	);
	check('none without a deadline', 'service batch job 1 · node n1 draining · instance batch.1 on n1 running', '');
});

describe('counts', () => {
	checkStatus(
		'completed slots of the present version',
		`service batch job 3 version 2 · node n1
		instance batch.1 on n1 completed exit 0 · instance batch.2 on n1 completed exit 0 version 1
		instance batch.3 on n1 running`,
		'desired 3 running 1 healthy 1 completed 1',
	);
	check(
		'an update as over when all have completed anew',
		'at 9s · service batch job 1 version 2 updating · node n1 · instance batch.1 on n1 completed exit 0',
		'updated 1 of 1',
	);
});
