import {expect, test} from 'vitest';
import {createRecordedFleet} from '../helpers/recorded-fleet.ts';

test('a job on each node is refused, and changes nothing', () => {
	const {orchestrator} = createRecordedFleet();
	const create = () =>
		orchestrator.applyService(
			{kind: 'service', name: 'web'},
			{mode: 'job', perNode: true, template: {image: 'exec:/bin/true'}},
			{create: true},
		);
	expect(create).toThrow('the local engine has no jobs that run on each node');
	expect(orchestrator.store.count('service')).toBe(0);
});
