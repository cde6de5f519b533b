import {describe, expect, test} from 'vitest';
import {leaseExpired, leaseMs, takeBackAt, wasLate} from '../../source/core/lease.ts';
import {formatDuration} from '../../source/core/text/units.ts';
import {readCluster} from '../helpers/cluster-text.ts';

describe('a lease', () => {
	test('runs out at its end', () => {
		expect(leaseExpired(1000, 999)).toBe(false);
		expect(leaseExpired(1000, 1000)).toBe(true);
	});

	test('is not judged by who comes more than half of it late', () => {
		expect(wasLate(1000, 1000 + leaseMs / 2)).toBe(false);
		expect(wasLate(1000, 1001 + leaseMs / 2)).toBe(true);
	});
});

describe('a node is taken back', () => {
	const check = (what: string, cluster: string, since: string, expected: string) => {
		test(what, () => {
			const {now, nodes} = readCluster(cluster);
			const at = takeBackAt({...nodes[0]!.status, at: readCluster(`at ${since}`).now}, now);
			expect(at === undefined ? 'not yet' : formatDuration(at)).toBe(expected);
		});
	};

	check('ten seconds after it was fenced', 'at 25s · node n1 down', '20s', '30s');
	check('when its power is back, if it was cut on purpose', 'at 25s · node n1 down failed-until 50s', '20s', '50s');
	check('not while it is being fenced', 'at 50s · node n1 fencing', '20s', 'not yet');
	check('not when it is up', 'at 50s · node n1', '20s', 'not yet');
	check('at once when the clock was set back since', 'at 25s · node n1 down', '1h', '25s');
	check('also when its power was cut for a time', 'at 25s · node n1 down failed-until 2h', '1h', '25s');
});
