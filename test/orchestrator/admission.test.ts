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

test('what a process has none of is refused, and a container has', () => {
	const {orchestrator} = createRecordedFleet();
	const create = (name: string, image: string) =>
		orchestrator.applyService({kind: 'service', name}, {template: {image, container: {hostname: 'h'}}}, {create: true});
	expect(() => create('web', 'exec:/bin/true')).toThrow('--hostname: A process has the name of the machine.');
	expect(create('box', 'docker:nginx').spec.template.container).toEqual({hostname: 'h'});
	const change = {template: {image: 'exec:/bin/true'}};
	expect(() => orchestrator.applyService({kind: 'service', name: 'box'}, change, {})).toThrow('--hostname: A process');
});
