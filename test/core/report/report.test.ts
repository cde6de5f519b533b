import {expect, test} from 'vitest';
import type {Rollout} from '../../../source/core/model/index.ts';
import {reportText} from '../../../source/core/report/report.ts';
import {aService} from '../../helpers/objects.ts';

test('of an update it is told how it stands, of one that is through nothing', () => {
	const rollout = {isRollback: false, startedAt: 0, updated: 0, total: 1, failed: 0};
	const service = (['completed', 'rolled-back', 'updating', 'paused'] as ReadonlyArray<Rollout['state']>).map(state =>
		aService(state, {rollout: {...rollout, state}}),
	);
	const none = {instance: [], node: [], network: [], volume: [], config: [], secret: [], pool: []};
	const facts = {muster: '1', node: 'v24', platform: 'linux', cpus: 1, memoryBytes: 1, privates: [], logs: []};
	const text = reportText({facts, engine: 'local', health: [], objects: {...none, service}});
	expect(text.match(/^service-\d.*?(update \w+)?, image/gm)).toEqual([
		expect.not.stringContaining('update'),
		expect.not.stringContaining('update'),
		expect.stringContaining('update updating'),
		expect.stringContaining('update paused'),
	]);
});

// A service was called store, and the report said how well service-9 was.
test('the parts of an engine keep their names, whatever services are called', () => {
	const none = {instance: [], node: [], network: [], volume: [], config: [], secret: [], pool: []};
	const facts = {muster: '1', node: 'v24', platform: 'linux', cpus: 1, memoryBytes: 1, privates: [], logs: []};
	const health = ['store', 'agent shop', 'gateway'].map(name => ({name, state: 'ok', message: 'for shop'}) as const);
	const service = ['store', 'agent', 'shop'].map(name => aService(name));
	const text = reportText({facts, engine: 'local', health, objects: {...none, service}});
	expect(text.match(/^.*: ok.*$/gm)).toEqual([
		'store: ok, for service-3',
		'agent service-3: ok, for service-3',
		'gateway: ok, for service-3',
	]);
});
