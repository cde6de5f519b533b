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
