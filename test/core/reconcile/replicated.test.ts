import {describe, expect, test} from 'vitest';
import {mostComingUp, planService, reconcileService} from '../../../source/core/reconcile/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {check, checkStatus} from './check.ts';

describe('fills', () => {
	check('every slot that is empty', 'service web replicas 2', 'create slot 1 · create slot 2');
	check('nothing when all is there', 'service web replicas 1 · node n1 · instance web.1 on n1 running', '');
	check('no slot that is still pending', 'service web replicas 1 · instance web.1', '');
	check(
		'a hole between others',
		'service web replicas 3 · node n1 · instance web.1 on n1 running · instance web.3 on n1 running',
		'create slot 2',
	);
	check(
		'the slot of a failed instance once its delay is over',
		`at 60s · service web replicas 2 restart-delay 5s · node n1
		instance web.1 on n1 running · instance web.2 on n1 failed started 0s at 55s`,
		'create slot 2 (restarts 1 attempts 1)',
	);
	check(
		'it not before that',
		`at 59s · service web replicas 1 restart-delay 5s · node n1
		instance web.1 on n1 failed started 0s at 55s because "exit code 3"`,
		'again at 1m · because web.1: exit code 3; is restarted after a delay',
	);
	check(
		'it not at all when its attempts are used up',
		`at 1h · service web replicas 1 max-attempts 2 · node n1
		instance web.1 on n1 failed attempts 2 restarts 2 at 10s because "exit code 3"`,
		'because web.1: exit code 3; not restarted: 2 of 2 attempts are used up',
	);
	check(
		'it at once, with a clean record, when a new version is there',
		`at 10s · service web replicas 1 version 2 max-attempts 1 · node n1
		instance web.1 on n1 failed version 1 attempts 1 restarts 1 quick 1 at 10s`,
		'create slot 1',
	);
	check(
		'the slot of a lost instance at once, which is no restart',
		`at 10s · service web replicas 1 restart-delay 5s · node n1
		instance web.1 on n1 lost restarts 2 attempts 2 quick 1 at 10s`,
		'create slot 1 (restarts 2 attempts 2 quick 1)',
	);
	check(
		'no slot whose former instance is still to end',
		'service web replicas 1 · node n1 · instance web.1 on n1 running stopping updated',
		'',
	);
	check(
		'a slot by what ended last',
		`at 60s · service web replicas 1 · node n1
		instance web.1 on n1 failed attempts 1 restarts 1 at 10s id first
		instance web.1 on n1 failed attempts 2 restarts 2 started 11s at 55s id second`,
		'create slot 1 (restarts 3 attempts 3)',
	);
	check(
		'it at once when the clock was set back since',
		'at 10s · service web replicas 1 restart-delay 5s · node n1 · instance web.1 on n1 failed started 0s at 1h',
		'create slot 1 (restarts 1 attempts 1)',
	);
});

describe('stops', () => {
	check(
		'what is above the number asked, and nothing else',
		'service web replicas 1 · node n1 · instance web.1 on n1 running · instance web.2 on n1 running',
		'stop web.2-id scaled down',
	);
	check('also what is only pending there', 'service web replicas 0 · instance web.1', 'stop web.1-id scaled down');
	check('nothing twice', 'service web replicas 0 · node n1 · instance web.1 on n1 running stopping "scaled down"', '');
	check(
		'an unhealthy instance, and fills its slot when it has ended',
		'service web replicas 1 health · node n1 · instance web.1 on n1 running unhealthy says "HTTP 500"',
		'stop web.1-id unhealthy: HTTP 500',
	);
	check(
		'an unhealthy instance counts as failed then',
		`at 60s · service web replicas 1 health restart-delay 1s · node n1
		instance web.1 on n1 stopped stopping "unhealthy: HTTP 500" started 0s at 60s`,
		'again at 1m1s · because web.1: stopped; is restarted after a delay',
	);
	check(
		'everything of a service that is removed',
		'service web replicas 2 removing · node n1 · instance web.1 on n1 running · instance web.2',
		'stop web.1-id service removed · stop web.2-id service removed · because being removed',
	);
	check(
		'and lets it go when nothing lives any more',
		'service web replicas 2 removing · node n1 · instance web.1 on n1 stopped',
		'because being removed · gone',
	);
});

describe('moves away from a draining node', () => {
	check(
		'by starting a replacement first',
		'service web replicas 1 · node n1 draining · instance web.1 on n1 running restarts 1',
		'create slot 1 replaces web.1-id (restarts 1)',
	);
	check(
		'and stopping the old one when that is healthy',
		`service web replicas 1 health · node n1 draining · node n2
		instance web.1 on n1 running healthy at 1s id old · instance web.1 on n2 running healthy at 2s id new replaces old`,
		'stop old drained',
	);
	check(
		'but not before',
		`service web replicas 1 health · node n1 draining · node n2
		instance web.1 on n1 running healthy at 1s id old · instance web.1 on n2 running checking at 2s id new replaces old`,
		'',
	);
	check(
		'with nothing for what was only pending there',
		'service logs global · node n1 draining · instance logs.n1',
		'stop logs.n1-id drained',
	);
	check(
		'after the deadline without waiting',
		`at 10s · service web replicas 1 · node n1 draining deadline 10s · instance web.1 on n1 running`,
		'stop web.1-id drained',
	);
	check(
		'and looks again at the deadline',
		`at 5s · service web replicas 1 · node n1 draining deadline 10s
		instance web.1 on n1 running at 1s id old · instance web.1 at 2s id new replaces old`,
		'again at 10s',
	);
	check(
		'after the deadline although the replacement is not healthy',
		`at 10s · service web replicas 1 · node n1 draining deadline 10s
		instance web.1 on n1 running at 1s id old · instance web.1 at 2s id new replaces old`,
		'stop old drained',
	);
	check(
		'not, once the drain is cancelled: the newcomer goes',
		`service web replicas 1 health · node n1 · node n2
		instance web.1 on n1 running healthy at 1s id old · instance web.1 on n2 running checking at 2s id new replaces old`,
		'stop new drain cancelled',
	);
	check(
		'also then, when the newcomer is healthy already',
		`service web replicas 1 · node n1 · node n2
		instance web.1 on n1 running at 1s id old · instance web.1 on n2 running at 2s id new replaces old`,
		'stop old replaced',
	);
	check(
		'with another replacement when the first one is drained too',
		`service web replicas 1 health · node n1 draining · node n2 draining
		instance web.1 on n1 running healthy at 1s id old · instance web.1 on n2 running checking at 2s id new replaces old`,
		'stop new drained',
	);
	check(
		'with the delay of a restart when the replacement failed',
		`at 20s · service web replicas 1 restart-delay 5s · node n1 draining · node n2
		instance web.1 on n1 running at 1s id old · instance web.1 on n2 failed started 0s at 18s id new replaces old`,
		'again at 23s · because web.1 stays: its replacement failed',
	);
	check(
		'with no third one while a replacement is being stopped',
		`service web replicas 1 · node n1 draining · node n2
		instance web.1 on n1 running at 1s id old · instance web.1 on n2 running stopping ill at 2s id new replaces old`,
		'',
	);
	// Two replacements of one instance ran side by side: the ill one was told to stop and the next one started at once.
	check(
		'with no third one while an ill replacement is told to stop',
		`service web replicas 1 health · node n1 draining · node n2
		instance web.1 on n1 running healthy at 1s id old
		instance web.1 on n2 running unhealthy says "HTTP 500" at 2s id new replaces old`,
		'stop new unhealthy: HTTP 500',
	);
	// The drain went in circles: by its creation the replacement was the older one, and was stopped as soon as it was made.
	check(
		'also when the clock was set back before the replacement was made',
		`service web replicas 1 · node n1 draining
		instance web.1 on n1 running at 60s id old · instance web.1 at 1s id new replaces old`,
		'',
	);
});

describe('updates', () => {
	const three = 'node n1 · service web replicas 3 version 2 updating';
	check(
		'one at a time, lowest slot first, stop first',
		`${three}
		instance web.1 on n1 running version 1 · instance web.2 on n1 running version 1 · instance web.3 on n1 running version 1`,
		'stop web.1-id updated · updating 0 of 3',
	);
	check(
		'no other while one is not healthy',
		`${three}
		instance web.1 on n1 running checking · instance web.2 on n1 running version 1 · instance web.3 on n1 running version 1`,
		'updating 0 of 3',
	);
	check(
		'the next when the former is healthy',
		`${three}
		instance web.1 on n1 running · instance web.2 on n1 running version 1 · instance web.3 on n1 running version 1`,
		'stop web.2-id updated · updating 1 of 3',
	);
	check(
		'at once what serves nobody',
		`${three}
		instance web.1 version 1 · instance web.2 on n1 running checking version 1 · instance web.3 on n1 running version 1`,
		'stop web.1-id updated · stop web.2-id updated · updating 0 of 3',
	);
	check(
		'until all is new',
		`${three}
		instance web.1 on n1 running · instance web.2 on n1 running · instance web.3 on n1 running`,
		'updated 3 of 3',
	);
	check(
		'not over before the last old one has ended',
		`node n1 · node n2 draining · service web replicas 1 version 2 updating
		instance web.1 on n1 running at 2s id new replaces old
		instance web.1 on n2 running version 1 stopping drained at 1s id old`,
		'updating 1 of 1',
	);
});

describe('counts', () => {
	checkStatus(
		'what runs and is meant to, and who is healthy',
		`service web replicas 4 health · node n1
		instance web.1 on n1 running healthy · instance web.2 on n1 running checking
		instance web.3 on n1 starting · instance web.4 on n1 running healthy stopping updated`,
		'desired 4 running 2 healthy 1 completed 0',
	);
	checkStatus(
		'an instance without a health check as healthy when it runs',
		'service web replicas 1 · node n1 · instance web.1 on n1 running',
		'desired 1 running 1 healthy 1 completed 0',
	);
});

describe('brings up so many at a time', () => {
	const observed = (text: string) => {
		const {services, instances, nodes, now} = readCluster(text);
		return {service: services[0]!, instances, nodes: new Map(nodes.map(node => [node.id, node])), now};
	};
	const many = Array.from({length: mostComingUp}, (_, index) => index + 1);
	const asked = `service web replicas ${2 * mostComingUp} · node n1`;

	test('of many', () => {
		expect(reconcileService(observed(asked)).steps).toHaveLength(mostComingUp);
		expect(planService(observed(asked)).steps).toHaveLength(2 * mostComingUp);
	});

	test('as come up', () => {
		const waiting = many.slice(2).map(slot => `instance web.${slot}`);
		const text = [asked, 'instance web.1 on n1 running', 'instance web.2 on n1 running', ...waiting].join('\n');
		expect(reconcileService(observed(text)).steps).toMatchObject([{slot: mostComingUp + 1}, {slot: mostComingUp + 2}]);
	});

	test('none for others while those wait', () => {
		const text = [asked, ...many.map(slot => `instance web.${slot}`)].join('\n');
		expect(reconcileService(observed(text)).steps).toEqual([]);
	});

	test('however many wait to move elsewhere', () => {
		const moving = many.flatMap(slot => [
			`instance web.${slot} on n1 running`,
			`instance web.${slot} replaces web.${slot}-id id r${slot}`,
		]);
		const text = [`service web replicas ${mostComingUp + 1}`, 'node n1 drained', ...moving].join('\n');
		expect(reconcileService(observed(text)).steps).toMatchObject([{type: 'create', slot: mostComingUp + 1}]);
	});
});
