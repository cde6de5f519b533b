import {expect, test} from 'vitest';
import type {Taint} from '../../../source/core/backend.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** What is done after these keys on a list of one node. */
async function pressed(facets: object, ...keys: readonly string[]) {
	const {nodes} = readCluster('node n1');
	const harness = await openUi([], {cluster: createScriptedCluster(nodes, facets)});
	harness.press(':', ...'nodes', 'enter');
	await harness.advance(100);
	harness.press(...keys);
	await harness.advance(100);
	return harness.message;
}

test('taints of a node are set in a form', async () => {
	const set: Array<readonly Taint[]> = [];
	const taint = async (_: unknown, taints: readonly Taint[]) => void set.push(taints);
	const said = await pressed({taint}, 'K', ...'gpu=yes:NoSchedule', 'enter');
	expect(set).toEqual([[{key: 'gpu', value: 'yes', effect: 'NoSchedule'}]]);
	expect(said).toBe('✓ muster node taint n1 gpu=yes:NoSchedule');
});

test('an engine without taints says so', async () => {
	expect(await pressed({}, 'K')).toMatch(/^K: .* has no taints: label nodes instead$/);
});
