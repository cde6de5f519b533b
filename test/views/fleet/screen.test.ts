import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import {ClusterError} from '../../../source/core/error.ts';
import {frameLines} from '../../../source/views/frame.ts';
import {noPorts} from '../../../source/views/ports.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

const why = 'https://10.0.0.9:6443 cannot be reached: nothing listens there';

/** A dashboard with a context that answers and one that does not, on its fleet. */
async function onFleet() {
	let open = 0;
	const contexts = {
		list: async () => ['local', 'k8s:gone'].map(name => ({name, engine: 'local', endpoint: ''})),
		open: async () => createScriptedCluster([]),
		async peek(name: string): Promise<Backend> {
			if (name === 'k8s:gone') throw new ClusterError('unreachable', why);
			open++;
			return {...createScriptedCluster(readCluster('node n1 · node n2').nodes), close: () => void open--};
		},
	};
	const harness = await openUi([], {ports: {...noPorts, contexts}, size: {columns: 70, rows: 12}});
	harness.press(':');
	await harness.advance(1);
	harness.press(...'fleet', 'enter');
	await harness.advance(10);
	return {
		harness,
		connections: () => open,
		lines: () => frameLines(harness.ui).map(line => stripVTControlCharacters(line).trimEnd()),
	};
}

test('each context stands in its line, and what is wrong with the chosen one below, in full', async () => {
	const {harness, lines} = await onFleet();
	expect(lines().slice(1, 5)).toEqual([
		'  CONTEXT   ENGINE      NODES  SERVICES  INSTANCES  STATE',
		'▸ local     scripted 1  2/2    0         0          ok',
		'  k8s:gone                                          https://10.0.0.9:…',
		'',
	]);
	harness.press('j');
	expect(lines().slice(4, 7)).toEqual([
		'',
		' k8s:gone: https://10.0.0.9:6443 cannot be reached: nothing listens',
		' there',
	]);
});

test('they are connected to only while it is shown', async () => {
	const {harness, connections} = await onFleet();
	expect(connections()).toBe(1);
	harness.press(':');
	await harness.advance(1);
	harness.press(...'svc', 'enter');
	await harness.advance(10);
	expect([harness.ui.screen.id, connections()]).toEqual(['services', 0]);
});
