import {describe} from 'vitest';
import {check} from './check.ts';

const update = 'updated 0/3 since 10s from 1';
const old = (slots: string) =>
	slots
		.split(' ')
		.map(slot => `instance web.${slot} on n1 running version 1 at 1s`)
		.join(' · ');
const fresh = (slots: string, at: string) =>
	slots
		.split(' ')
		.map(slot => `instance web.${slot} on n1 running at ${at}`)
		.join(' · ');

describe('as many at a time as asked', () => {
	const service = `at 20s · node n1 · service web replicas 3 version 2 ${update}`;
	check(
		'two',
		`${service} parallelism 2\n${old('1 2 3')}`,
		'stop web.1-id updated · stop web.2-id updated · updating 0 of 3',
	);
	check(
		'all',
		`${service} parallelism 0\n${old('1 2 3')}`,
		'stop web.1-id updated · stop web.2-id updated · stop web.3-id updated · updating 0 of 3',
	);
	check(
		'less those that are away for another reason',
		`${service} parallelism 2\n${old('1 2')} · instance web.3 on n1 running checking at 15s`,
		'stop web.1-id updated · updating 0 of 3',
	);
});

describe('with a delay', () => {
	const service = `node n1 · service web replicas 3 version 2 updated 1/3 since 10s from 1 delay 5s moved 15s`;
	check(
		'nothing before it is over',
		`at 18s · ${service}\n${fresh('1', '14s')} · ${old('2 3')}`,
		'again at 20s · updating 1 of 3',
	);
	check(
		'the next one then',
		`at 20s · ${service}\n${fresh('1', '14s')} · ${old('2 3')}`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'it begins when a slot is through',
		`at 16s · node n1 · service web replicas 3 version 2 updated 0/3 since 10s from 1 delay 5s\n${fresh('1', '14s')} · ${old('2 3')}`,
		'again at 21s · updating 1 of 3',
	);
	check(
		'what serves nobody does not wait',
		`at 18s · ${service}\n${fresh('1', '14s')} · ${old('2')} · instance web.3 on n1 running checking version 1 at 1s`,
		'stop web.3-id updated · again at 20s · updating 1 of 3',
	);
});

describe('start first', () => {
	const service = `at 20s · node n1 · service web replicas 3 version 2 ${update} start-first`;
	check(
		'the new one comes before the old one goes',
		`${service}\n${old('1 2 3')}`,
		'create slot 1 replaces web.1-id · updating 0 of 3',
	);
	const pair = (state: string) => `instance web.1 on n1 ${state} at 15s id new replaces web.1-id`;
	check('and is waited for', `${service}\n${old('1 2 3')} · ${pair('starting')}`, 'updating 0 of 3');
	check(
		'the old one goes when it is healthy',
		`${service}\n${old('1 2 3')} · ${pair('running')}`,
		'stop web.1-id updated · updating 1 of 3',
	);
	check(
		'two at a time',
		`${service} parallelism 2\n${old('1 2 3')} · ${pair('starting')}`,
		'create slot 2 replaces web.2-id · updating 0 of 3',
	);
	check(
		'after a failure the next try waits, and nothing has stopped',
		`${service} restart-delay 30s monitor 5s failure continue
		${old('1 2 3')} · instance web.1 on n1 failed at 19s started 16s id new replaces web.1-id because "exit code 1"`,
		'create slot 2 replaces web.2-id · again at 49s · updating 0 of 3: 1 of 3 failed, the last is web.1: exit code 1',
	);
	check(
		'after a failure the next try comes beside the others, once its delay is over',
		`${service} restart-delay 3s monitor 5s failure continue
		${old('1 2 3')} · instance web.1 on n1 failed at 16s started 15s id bad replaces web.1-id because "exit code 1"
		instance web.2 on n1 starting at 19s id new2 replaces web.2-id`,
		'create slot 1 replaces web.1-id · updating 0 of 3: 1 of 3 failed, the last is web.1: exit code 1',
	);
	check(
		'on each node of a global service',
		`at 20s · node n1 · node n2 · service log global version 2 updated 0/2 since 10s from 1 start-first
		instance log.n1 running version 1 at 1s · instance log.n2 running version 1 at 1s`,
		'create on n1 replaces log.n1-id · updating 0 of 2',
	);
	check(
		'of a global service the old one goes when the new one is healthy',
		`at 20s · node n1 · service log global version 2 updated 0/1 since 10s from 1 start-first
		instance log.n1 running version 1 at 1s · instance log.n1 running at 15s id new replaces log.n1-id`,
		'stop log.n1-id updated · updating 1 of 1',
	);
});

describe('failures', () => {
	const failed = 'instance web.1 on n1 failed at 19s started 16s id bad because "exit code 1"';
	const service = (words: string) =>
		`at 20s · node n1 · service web replicas 3 version 2 ${update} monitor 5s ${words}\n${old('2 3')}`;
	const why = '1 of 3 failed, the last is web.1: exit code 1';
	check(
		'pause it, and the slot is filled as before',
		`${service('')} · ${failed}`,
		`create slot 1 (restarts 1 attempts 1 quick 1) · paused 0 of 3 by failure: ${why}`,
	);
	check(
		'are passed over where that is asked',
		`${service('failure continue')} · instance web.1 on n1 running at 20s · ${failed}`,
		`stop web.2-id updated · updating 1 of 3: ${why}`,
	);
	check(
		'roll it back where that is asked',
		`${service('failure rollback')} · ${failed}`,
		`roll back to 1: ${why} · updating 0 of 3`,
	);
	check(
		'that stay do not hold up the others where they are passed over',
		`${service('restart-delay 30s failure continue')} · ${failed}`,
		`stop web.2-id updated · again at 49s · because web.1: exit code 1; is restarted after a delay · updating 0 of 3: ${why}`,
	);
	check(
		'that stay do not hold up the others where they are few enough',
		`${service('restart-delay 30s ratio 0.4')} · ${failed}`,
		`stop web.2-id updated · again at 49s · because web.1: exit code 1; is restarted after a delay · updating 0 of 3: ${why}`,
	);
	check(
		'let the next one wait as a success does',
		`${service('restart-delay 30s delay 15s failure continue')} · ${failed}`,
		`again at 35s · because web.1: exit code 1; is restarted after a delay · updating 0 of 3: ${why}`,
	);
	check(
		'that stay are not made up for by more canaries',
		`${service('restart-delay 30s failure continue canary 1 start-first')} · instance web.1 on n1 running version 1 at 1s · instance web.1 on n1 failed at 19s started 16s id bad replaces web.1-id because "exit code 1"`,
		`again at 49s · updating 0 of 3: ${why}`,
	);
	check(
		'are few enough',
		`${service('ratio 0.4')} · instance web.1 on n1 running at 20s · ${failed}`,
		`stop web.2-id updated · updating 1 of 3`,
	);
	check(
		'are one too many',
		`${service('ratio 0.3')} · instance web.1 on n1 running at 20s · ${failed}`,
		`paused 1 of 3 by failure: ${why}`,
	);
	check(
		'that come later than they are watched for are none of it',
		`${service('')} · instance web.1 on n1 running at 20s · instance web.1 on n1 failed at 19s started 13s created 12s id bad`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'that nobody saw are none of it: a restored state, a node that was off',
		`${service('')} · instance web.1 on n1 running at 20s · instance web.1 on n1 failed at 19s started 16s id bad because "its agent knows nothing of it"`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'of the old version are none of it',
		`${service('')} · instance web.1 on n1 running at 15s · instance web.1 on n1 failed version 1 at 19s started 16s id bad`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'before it was resumed are forgotten',
		`at 20s · node n1 · service web replicas 3 version 2 ${update} resumed 19s monitor 5s\n${old('2 3')} · instance web.1 on n1 running at 20s
		instance web.1 on n1 failed created 16s at 18s started 16s id bad`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'never healthy counts however long it took',
		`${service('')} · instance web.1 on n1 failed checking at 19s started 11s created 11s id bad because "exit code 1"`,
		`create slot 1 (restarts 1 attempts 1 quick 1) · paused 0 of 3 by failure: ${why}`,
	);
	check(
		'that it paused for are told although they are history no more',
		`at 20s · node n1 · service web replicas 3 version 2 updated 1/3 since 10s from 1 failed 1 paused\n${fresh('1', '15s')} · ${old('2 3')}`,
		'paused 1 of 3 by failure',
	);
	check(
		'of a rollback pause it: there is nothing to go back to',
		`at 20s · node n1 · service web replicas 1 version 1 updated 0/1 since 10s from 2 back monitor 5s failure rollback
		instance web.1 on n1 failed at 19s started 16s because "exit code 1"`,
		'create slot 1 (restarts 1 attempts 1 quick 1) · paused 0 of 1 by failure: 1 of 1 failed, the last is web.1: exit code 1',
	);
});

describe('is watched to its end', () => {
	const service = 'node n1 · service web replicas 2 version 2 updated 1/2 since 10s from 1 monitor 5s';
	check('before it is through', `at 20s · ${service}\n${fresh('1 2', '18s')}`, 'again at 23s · updating 2 of 2');
	check('and is through then', `at 23s · ${service}\n${fresh('1 2', '18s')}`, 'updated 2 of 2');
	check(
		'a start that lies ahead is not waited for: the clock was set back',
		`at 20s · ${service}\n${fresh('1 2', '1h')}`,
		'updated 2 of 2',
	);
});

describe('held', () => {
	const service = (words: string) => `at 20s · node n1 · service web replicas 3 version 2 ${update} ${words}`;
	check(
		'on request nothing is replaced',
		`${service('held')}\n${old('1 2 3')}`,
		'paused 0 of 3 by user: paused on request',
	);
	check(
		'an empty slot gets the version that it had',
		`${service('held')}\n${old('2 3')} · instance web.1 on n1 failed version 1 at 19s started 1s`,
		'create slot 1 version 1 (restarts 1 attempts 1) · paused 0 of 3 by user: paused on request',
	);
	check(
		'a slot that never had one, too',
		`${service('held')}\n${old('1 2')}`,
		'create slot 3 version 1 · paused 0 of 3 by user: paused on request',
	);
	check(
		'a slot that was on its way to the new version goes there',
		`${service('held')}\n${old('2 3')} · instance web.1 on n1 stopped version 1 at 19s started 1s stopping updated`,
		'create slot 1 · paused 0 of 3 by user: paused on request',
	);
	check(
		'what was started first is ended, not begun',
		`${service('held start-first')}\n${old('1 2 3')} · instance web.1 on n1 running at 15s id new replaces web.1-id`,
		'stop web.1-id updated · paused 1 of 3 by user: paused on request',
	);
	check(
		'a drain moves instances at their own version',
		`at 20s · node n1 draining · node n2 · service web replicas 1 version 2 updated 0/1 since 10s from 1 held\n${old('1')}`,
		'create slot 1 version 1 replaces web.1-id · paused 0 of 1 by user: paused on request',
	);
});

describe('canaries', () => {
	const service = (words: string) => `at 20s · node n1 · service web replicas 3 version 2 ${update} canary 1 ${words}`;
	check('so many go', `${service('parallelism 3')}\n${old('1 2 3')}`, 'stop web.1-id updated · updating 0 of 3');
	check('are waited for', `${service('')}\n${old('2 3')} · instance web.1 on n1 starting at 15s`, 'updating 0 of 3');
	check(
		'and no others go',
		`${service('')}\n${fresh('1', '15s')} · ${old('2 3')}`,
		'paused 1 of 3 by canary: 1 of 3 as canaries: promote or abort',
	);
	check(
		'what fails beside them comes back as it was',
		`${service('')}\n${fresh('1', '15s')} · ${old('2')} · instance web.3 on n1 failed version 1 at 19s started 1s`,
		'create slot 3 version 1 (restarts 1 attempts 1) · paused 1 of 3 by canary: 1 of 3 as canaries: promote or abort',
	);
	check(
		'the first is one that has failed anyway',
		`${service('')}\n${old('1 2')} · instance web.3 on n1 failed version 1 at 19s started 1s`,
		'create slot 3 · updating 0 of 3',
	);
	check(
		'a canary that fails afterwards comes back as a canary',
		`${service('monitor 5s failure continue')}\n${old('2 3')} · instance web.1 on n1 failed at 19s started 16s because "exit code 1"`,
		'create slot 1 (restarts 1 attempts 1 quick 1) · updating 0 of 3: 1 of 3 failed, the last is web.1: exit code 1',
	);
	check(
		'promoted, the others follow',
		`at 20s · node n1 · service web replicas 3 version 2 updated 1/3 since 10s from 1\n${fresh('1', '15s')} · ${old('2 3')}`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'more than there are slots are an update',
		`at 20s · node n1 · service web replicas 1 version 2 updated 0/1 since 10s from 1 canary 5\n${fresh('1', '15s')}`,
		'updated 1 of 1',
	);
});

describe('back', () => {
	const service = 'at 20s · node n1 · service web replicas 3 version 1 updated 0/3 since 10s from 2 back';
	const at2 = (slots: string) => old(slots).replaceAll('version 1', 'version 2');
	check(
		'only those of the other version are replaced',
		`${service}\n${old('1 2')} · ${at2('3')}`,
		'stop web.3-id rolled back · rolling-back 2 of 3',
	);
	check(
		'a new one that was started first goes, the old one stays',
		`${service}\n${old('1 2 3')} · instance web.3 on n1 running version 2 at 15s id new replaces web.3-id`,
		'stop new rolled back · rolling-back 3 of 3',
	);
	check('it is through when all run it', `${service}\n${old('1 2 3')}`, 'rolled-back 3 of 3');
});
