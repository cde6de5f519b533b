import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {openUi} from '../../helpers/ui.ts';

test('how many of several are not read, and why', async () => {
	const {services, nodes, instances} = readCluster(
		'node n1 · service web replicas 2 · instance web.1 on n1 running · instance web.2 on n1 running',
	);
	const harness = await openUi([...services, ...nodes, ...instances]);
	Object.assign(harness.ui.executor.backend.facets, {
		async *logs(_query: unknown, signal: AbortSignal, missed?: (name: string, error: ClusterError) => void) {
			missed?.('web.2', new ClusterError('unreachable', 'its node\x1b[2J is silent'));
			yield {at: 0, instanceId: 'i1', instanceName: 'web.1', stream: 'stdout', text: 'hello'};
			await new Promise(resolve => signal.addEventListener('abort', resolve));
		},
	});
	harness.press('l');
	await harness.advance(500);
	expect(harness.message).toContain('! of 1 nothing: its node');
	expect(harness.message).not.toContain('\x1b');
});
