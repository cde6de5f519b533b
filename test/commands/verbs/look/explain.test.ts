import {expect, test} from 'vitest';
import {ClusterError} from '../../../../source/core/error.ts';
import {readCluster} from '../../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../../helpers/scripted-cluster.ts';
import {run} from '../../run.ts';

/** Of an engine where whoever asks may not see nodes and events. */
async function explain(words: string) {
	const {services, instances} = readCluster(
		'at 60s · service web replicas 1 desired 1 · instance web.1 because "no room"',
	);
	const cluster = createScriptedCluster([...services, ...instances]);
	const list = cluster.list.bind(cluster);
	cluster.list = async (query, signal) => {
		if (query.kind === 'node' || query.kind === 'event') throw new ClusterError('not-allowed', `no ${query.kind}`);
		return list(query, signal);
	};
	return run(`explain ${words}`, {open: async () => cluster});
}

test('who may not see nodes and events is told the rest', async () => {
	const {code, stdout, stderr} = await explain('web');
	expect([code, stderr]).toEqual([0, '']);
	expect(stdout).toContain('web waits for a node');
});
