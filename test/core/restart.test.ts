import {expect, test} from 'vitest';
import {decideRestart} from '../../source/core/restart.ts';
import {formatDuration} from '../../source/core/text/units.ts';
import {readCluster} from '../helpers/cluster-text.ts';

/** A service's policy and its last instance in, what follows out: `at 5s attempts 1 quick 1`, or why nothing does. */
function check(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const {services, instances} = readCluster(cluster);
		const decision = decideRestart(services[0]!.spec.restart, instances[0]!);
		const found = decision.restart
			? `at ${formatDuration(decision.at)} attempts ${decision.attempts} quick ${decision.quickFailures}`
			: decision.reason;
		expect(found).toBe(expected);
	});
}

check(
	'after the delay of the policy',
	'service web restart-delay 5s · instance web.1 failed started 0s at 20s',
	'at 25s attempts 1 quick 0',
);
check(
	'at once, the first time that it fails soon after its start',
	'service web · instance web.1 failed started 18s at 20s',
	'at 20s attempts 1 quick 1',
);
check(
	'after half a second the second time',
	'service web · instance web.1 failed started 18s at 20s attempts 1 quick 1',
	'at 20s500ms attempts 2 quick 2',
);
check(
	'after twice as long each time',
	'service web · instance web.1 failed started 18s at 20s attempts 4 quick 4',
	'at 24s attempts 5 quick 5',
);
check(
	'after a minute at the most',
	'service web · instance web.1 failed started 18s at 20s attempts 40 quick 40',
	'at 1m20s attempts 41 quick 41',
);
check(
	'after the delay, where that is longer than a minute',
	'service web restart-delay 2m · instance web.1 failed started 18s at 20s attempts 40 quick 40',
	'at 2m20s attempts 41 quick 41',
);
check(
	'what never started failed quickly',
	'service web · instance web.1 rejected at 20s attempts 1 quick 1',
	'at 20s500ms attempts 2 quick 2',
);
check(
	'with a clean record after a run of ten seconds',
	'service web · instance web.1 failed started 0s at 10s attempts 5 quick 5',
	'at 10s attempts 6 quick 0',
);
check(
	'no more than so many times',
	'service web max-attempts 3 · instance web.1 failed at 20s attempts 3',
	'not restarted: 3 of 3 attempts are used up',
);
check(
	'counting anew after a run as long as the window',
	'service web max-attempts 3 window 1m · instance web.1 failed started 0s at 1m attempts 3',
	'at 1m attempts 1 quick 0',
);
check(
	'not after a success, when only failures are',
	'service web restart on-failure · instance web.1 completed exit 0 at 20s',
	'not restarted: its restart condition is on-failure',
);
check(
	'after a success otherwise',
	'service web · instance web.1 completed exit 0 started 0s at 20s',
	'at 20s attempts 1 quick 0',
);
check(
	'never, when that is asked',
	'service web restart none · instance web.1 failed at 20s',
	'not restarted: its restart condition is none',
);
check(
	'what was stopped on purpose: at once, whatever the policy says, and it does not count',
	'service web restart none restart-delay 5s · instance web.1 stopped stopping "scaled down" at 20s attempts 2 quick 1',
	'at 20s attempts 2 quick 1',
);
check(
	'what its node lost: the same',
	'service web restart none restart-delay 5s · instance web.1 lost at 20s attempts 2 quick 1',
	'at 20s attempts 2 quick 1',
);
check(
	'what was stopped because it was ill: as a failure',
	'service web restart-delay 5s · instance web.1 stopped stopping "unhealthy: HTTP 500" started 0s at 20s',
	'at 25s attempts 1 quick 0',
);
