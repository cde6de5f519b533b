import {expect, test} from 'vitest';
import type {KubeClient} from '../../../../source/backends/k8s/client.ts';
import {type LogSource, readLogs} from '../../../../source/backends/k8s/pods/logs.ts';
import {answerError} from '../../../../source/backends/k8s/translate-error.ts';
import type {Change} from '../../../../source/core/backend.ts';
import {readCluster} from '../../../helpers/cluster-text.ts';

const {instances} = readCluster(
	'service web replicas 2 · node n1 ready · instance web.1 on n1 running · instance web.2 on n1 running',
);
const [first, second] = instances;
if (!first || !second) throw new Error('the text has two instances');
const refused =
	'Get "https://10.0.0.2:10250/containerLogs/default/web.2/main?timestamps=true": dial tcp 10.0.0.2:10250: connect: connection refused';

/** Pods of one container; whose kubelet is silent answers as an API server says it then. */
function sourceOf(silent: Set<string>, changes: () => AsyncIterable<Change<'instance'>>): LogSource {
	const nameOf = (path: string) => /pods\/([^/?]+)/.exec(path)?.[1] ?? '';
	const client = {
		json: async () => ({
			spec: {containers: [{name: 'main'}]},
			status: {containerStatuses: [{name: 'main', restartCount: 0, state: {running: {}}}]},
		}),
		async open({path}: {readonly path: string}) {
			const name = nameOf(path);
			if (silent.has(name)) throw answerError(500, JSON.stringify({message: refused}), path);
			const tail = /tailLines=\d+/.exec(path)?.[0] ?? 'all';
			return (async function* () {
				yield Buffer.from(`2030-01-01T00:00:00.000000000Z ${name} ${tail}\n`);
			})();
		},
	} as unknown as KubeClient;
	return {client, instances: async () => ({items: instances, revision: '1'}), watch: changes};
}

const query = {instanceIds: [first.id, second.id], follow: false, tail: 5};
const why = 'the API server cannot reach the kubelet of its node: dial tcp 10.0.0.2:10250: connect: connection refused';

// One dead node hid the logs of all the others.
test('of several, one whose kubelet is silent is told, and the others are read', async () => {
	const missed: string[] = [];
	const source = sourceOf(new Set(['web.2']), async function* () {});
	const {signal} = new AbortController();
	const lines = await Array.fromAsync(
		readLogs(source, query, signal, (name, {message}) => missed.push(`${name}: ${message}`)),
	);
	expect([lines.map(({text}) => text), missed]).toEqual([['web.1 tailLines=5'], [`web.2: ${why}`]]);
});

test('it ends who does not want to hear of that, and who asked for that one only', async () => {
	const source = sourceOf(new Set(['web.2']), async function* () {});
	const {signal} = new AbortController();
	await expect(Array.fromAsync(readLogs(source, query, signal))).rejects.toThrow(why);
	const alone = {...query, instanceIds: [second.id]};
	await expect(Array.fromAsync(readLogs(source, alone, signal, () => {}))).rejects.toThrow(why);
});

test('what is followed goes on with it when its node is back', async () => {
	const silent = new Set(['web.2']);
	const source = sourceOf(silent, async function* () {
		// The refusal has arrived.
		await new Promise(resolve => setImmediate(resolve));
		silent.clear();
		yield {type: 'put', object: second, revision: '2'};
		await new Promise(() => {});
	});
	const texts: string[] = [];
	const ending = new AbortController();
	for await (const {text} of readLogs(source, {...query, follow: true}, ending.signal, () => {})) {
		texts.push(text);
		if (texts.length === 2) break;
	}

	expect(texts.toSorted()).toEqual(['web.1 tailLines=5', 'web.2 tailLines=5']);
});
