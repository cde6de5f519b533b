import {expect, test} from 'vitest';
import type {RawService} from '../../../source/backends/swarm/api-types.ts';
import {currentOf} from '../../../source/backends/swarm/translate.ts';
import type {Instance} from '../../../source/core/model/index.ts';

/** `1 running, 2 failed@5`: slots, states, and since when. */
function check(what: string, mode: NonNullable<RawService['Spec']['Mode']>, rows: string, expected: string): void {
	test(what, () => {
		const service = {ID: 'web', Spec: {Name: 'web', Mode: mode}} as RawService;
		const instances = rows.split(', ').map((row, index) => {
			const [, slot = '', state = '', at = '0'] = /^(\d+) (\w+)(?:@(\d+))?$/.exec(row) ?? [];
			const status = {state, at: Number(at)};
			return {id: row, serviceId: 'web', slot: Number(slot), createdAt: index, status} as unknown as Instance;
		});
		expect(
			currentOf(instances, [service])
				.map(({id}) => id)
				.join(', '),
		).toBe(expected);
	});
}

const three = {Replicated: {Replicas: 3}};

check(
	'one that ended and is not filled again is told',
	three,
	'1 running, 2 failed@5, 3 running',
	'1 running, 2 failed@5, 3 running',
);
// After a spread the slots are 1, 2 and 4: what had failed in 3 was told for as long as the swarm remembered it.
check(
	'but not where others have taken its place',
	three,
	'1 running, 2 running, 3 failed@5, 4 running',
	'1 running, 2 running, 4 running',
);
check(
	'of several the newest',
	three,
	'1 running, 2 failed@5, 3 failed@9, 4 running',
	'1 running, 3 failed@9, 4 running',
);
check('what was stopped on purpose is told nowhere', three, '1 running, 2 stopped@5', '1 running');
check(
	'a job tells all that it has done',
	{ReplicatedJob: {TotalCompletions: 1}},
	'1 completed@5, 2 completed@9',
	'1 completed@5, 2 completed@9',
);
