import {expect, test} from 'vitest';
import {createRecordedFleet} from '../helpers/recorded-fleet.ts';

// Scaling while instances were still starting was answered with a conflict: each report of theirs moved the service's revision on.

const web = {kind: 'service', name: 'web'} as const;

function open() {
	const {orchestrator, clock, hello, report} = createRecordedFleet();
	hello('n1');
	clock.advance(10);
	const planned = orchestrator.applyService(web, {replicas: 1, template: {image: 'exec:/bin/true'}}, {create: true});
	clock.advance(10);
	const [instance] = [...orchestrator.store.all('instance')];
	report('n1', {[instance!.id]: {}});
	clock.advance(10);
	expect(orchestrator.store.byName('service', 'web')?.revision).not.toBe(planned.revision);
	return {orchestrator, planned};
}

test('a plan holds while only the status moves on', () => {
	const {orchestrator, planned} = open();
	const {spec} = orchestrator.applyService(web, {replicas: 2}, {ifRevision: planned.revision});
	expect(spec.replicas).toBe(2);
});

test('a plan on a spec that has changed since is refused', () => {
	const {orchestrator, planned} = open();
	orchestrator.applyService(web, {replicas: 3}, {});
	expect(() => orchestrator.applyService(web, {replicas: 2}, {ifRevision: planned.revision})).toThrow(
		/changed by someone else/,
	);
	expect(() => orchestrator.remove(web, {ifRevision: planned.revision})).toThrow(/changed by someone else/);
});

test('a revision that nobody can tell of any more is refused', () => {
	const {orchestrator} = open();
	expect(() => orchestrator.applyService(web, {replicas: 2}, {ifRevision: '-1'})).toThrow(/changed by someone else/);
	expect(() => orchestrator.applyService(web, {replicas: 2}, {ifRevision: 'x'})).toThrow(/changed by someone else/);
});
