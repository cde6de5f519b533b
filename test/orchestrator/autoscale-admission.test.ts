import {expect, test} from 'vitest';
import type {AutoscaleMetric, AutoscalePolicy} from '../../source/core/model/index.ts';
import {createRecordedFleet} from '../helpers/recorded-fleet.ts';

const web = {kind: 'service', name: 'web'} as const;

function policy(...metrics: readonly AutoscaleMetric[]): AutoscalePolicy {
	const targets = metrics.map(metric => ({metric, value: 1}));
	return {min: 1, max: 5, targets, upWindowMs: 0, downWindowMs: 0, cooldownMs: 0};
}

// It was taken, and said for ever that nothing was measured.
test('a figure that nobody tells the engine is refused, and changes nothing', () => {
	const {orchestrator} = createRecordedFleet();
	const template = {image: 'exec:/bin/true'};
	const create = (autoscale: AutoscalePolicy) => orchestrator.applyService(web, {template, autoscale}, {create: true});
	expect(() => create(policy('cpu', 'metric:queue'))).toThrow('nobody tells the local engine the figure queue');
	expect(orchestrator.store.count('service')).toBe(0);
	create(policy('cpu', 'memory', 'requests', 'connections'));
	const change = () => orchestrator.applyService(web, {autoscale: policy('metric:queue')}, {});
	expect(change).toThrow('nobody tells the local engine the figure queue');
	expect(orchestrator.store.byName('service', 'web')?.spec.autoscale?.targets[0]?.metric).toBe('cpu');
});
