import {expect, test} from 'vitest';
import type {TaintChange} from '../../../source/core/backend.ts';
import type {Taint} from '../../../source/core/model/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** What is done after these keys on a list of one node. */
async function pressed(facets: object, keys: readonly string[], taints: readonly Taint[] = []) {
	const nodes = readCluster('node n1').nodes.map(node => ({...node, taints}));
	const harness = await openUi([], {cluster: createScriptedCluster(nodes, facets)});
	harness.press(':', ...'nodes', 'enter');
	await harness.advance(100);
	harness.press(...keys);
	await harness.advance(100);
	return harness.message;
}

test('taints of a node are set in a form', async () => {
	const set: Array<readonly TaintChange[]> = [];
	const taint = async (_: unknown, taints: readonly TaintChange[]) => void set.push(taints);
	const said = await pressed({taint}, ['K', ...'gpu=yes:NoSchedule', 'enter']);
	expect(set).toEqual([[{set: {key: 'gpu', value: 'yes', effect: 'NoSchedule'}}]]);
	expect(said).toBe('✓ muster node taint n1 gpu=yes:NoSchedule');
});

test('those that a node has stand there: one that is changed is replaced, one that is left out is taken away', async () => {
	const set: Array<readonly TaintChange[]> = [];
	const taint = async (_: unknown, taints: readonly TaintChange[]) => void set.push(taints);
	const has: readonly Taint[] = [
		{key: 'old', value: '', effect: 'NoSchedule'},
		{key: 'gpu', value: 'a', effect: 'NoSchedule'},
	];
	const said = await pressed({taint}, ['K', 'ctrl-u', ...'gpu=b:NoSchedule', 'enter'], has);
	expect(set).toEqual([
		[{set: {key: 'gpu', value: 'b', effect: 'NoSchedule'}}, {remove: {key: 'old', effect: 'NoSchedule'}}],
	]);
	expect(said).toBe('✓ muster node taint n1 gpu=b:NoSchedule old:NoSchedule-');
});

test('an engine without taints says so', async () => {
	expect(await pressed({}, ['K'])).toMatch(/^K: .* has no taints: label nodes instead$/);
});
