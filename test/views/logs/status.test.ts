import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import {frameLines} from '../../../source/views/frame.ts';
import type {Ui} from '../../../source/views/ui.ts';
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

// Whoever looked at a pod on a node that had crashed was told that it had written nothing, and half of why.
test('where nothing can be read nothing is said of what was written, and why in full', async () => {
	const {services, nodes, instances} = readCluster('node n1 · service web replicas 1 · instance web.1 on n1 running');
	const harness = await openUi([...services, ...nodes, ...instances], {size: {columns: 60, rows: 12}});
	const why = 'the API server cannot reach the kubelet of its node: dial tcp 127.0.1.2:39453: connection refused';
	Object.assign(harness.ui.executor.backend.facets, {
		// biome-ignore lint/correctness/useYield: a stream that breaks before its first line
		async *logs() {
			throw new ClusterError('unreachable', why);
		},
	});
	harness.press('l');
	await harness.advance(300);
	const text = frameLines(harness.ui).map(line => stripVTControlCharacters(line).trim());
	expect(text.slice(1, 4)).toEqual([
		'Nothing can be read just now: the API server cannot reach',
		'the kubelet of its node: dial tcp 127.0.1.2:39453:',
		'connection refused',
	]);
});

function shown(ui: Ui): string {
	return ui.text
		.at(0)
		.map(span => (typeof span === 'string' ? span : span.text))
		.join('');
}

// It said that nothing was written, of an API server that had not answered yet.
test('an engine that does not answer is waited for by name', async () => {
	const {services, nodes, instances} = readCluster('node n1 · service web · instance web.1 on n1 running');
	const harness = await openUi([...services, ...nodes, ...instances]);
	let answer = () => {};
	Object.assign(harness.ui.executor.backend.facets, {
		async *logs(_query: unknown, signal: AbortSignal, _missed: unknown, opened: () => void) {
			answer = opened;
			await new Promise(resolve => signal.addEventListener('abort', resolve));
		},
	});
	harness.press('l');
	await harness.advance(500);
	expect(shown(harness.ui)).toBe(' Reading the logs …');
	await harness.advance(5000);
	harness.ui.refresh();
	expect(shown(harness.ui)).toBe(' Reading the logs … local has not answered for 5 s.');
	answer();
	await harness.advance(200);
	expect(shown(harness.ui)).toBe(' Nothing written yet.');
});
