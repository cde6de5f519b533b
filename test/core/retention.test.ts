import {expect, test} from 'vitest';
import {expiredHistory} from '../../source/core/retention.ts';
import {readCluster} from '../helpers/cluster-text.ts';

/** A service with its history in, the ids of what is no longer kept out. */
function check(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const {services, instances} = readCluster(cluster);
		const ids = expiredHistory(services[0]!, instances).map(({id}) => id);
		expect(ids.join(' ')).toBe(expected);
	});
}

/** Ended instances of a slot, one a second: ids PREFIX1, PREFIX2, … */
function ended(slot: string, prefix: string, count: number): string {
	return Array.from({length: count}, (_, at) => `instance ${slot} failed at ${at + 1}s id ${prefix}${at + 1}`).join(
		'\n',
	);
}

check('keeps four ended instances of a slot', `service web replicas 1\n${ended('web.1', 'a', 4)}`, '');
check('drops the oldest beyond that', `service web replicas 1\n${ended('web.1', 'a', 6)}`, 'a1 a2');
check(
	'counts each slot by itself',
	`service web replicas 2\n${ended('web.1', 'a', 5)}\n${ended('web.2', 'b', 4)}`,
	'a1',
);
check('keeps the newest of a slot that was scaled away', `service web replicas 1\n${ended('web.2', 'b', 3)}`, 'b1 b2');
check(
	'drops nothing that lives',
	`service web replicas 1 · node n1\n${ended('web.1', 'a', 4)}\ninstance web.1 on n1 running at 9s`,
	'',
);
check(
	'counts by node for a global service',
	`node n1 · node n2\nservice logs global\n${ended('logs.n1', 'a', 5)}\n${ended('logs.n2', 'b', 4)}`,
	'a1',
);
