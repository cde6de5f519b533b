import {expect, test} from 'vitest';
import type {KubeClient} from '../../../../source/backends/k8s/client.ts';
import {createMetrics, type Figures} from '../../../../source/backends/k8s/reading/metrics.ts';
import type {PartItems} from '../../../../source/backends/k8s/reading/parts.ts';
import {ClusterError} from '../../../../source/core/error.ts';
import {createManualClock} from '../../../helpers/manual-clock.ts';

const chunkBytes = 16 * 1024;
const timestamp = '2026-01-01T00:00:00Z';
const at = Date.parse(timestamp);

/** A server that has these answers by path, and who asked; `now` is its clock. */
function server(answers: Readonly<Record<string, object>>) {
	const asked: string[] = [];
	const time = {nowMs: 0};
	const clock = {now: () => time.nowMs, monotonicMs: () => time.nowMs, after: () => () => {}};
	const client = {
		async open({path}: {readonly path: string}) {
			asked.push(path);
			const answer = answers[path];
			if (answer === undefined) throw new ClusterError('not-found', 'nobody serves it');
			const bytes = Buffer.from(JSON.stringify(answer));
			const chunks = Array.from({length: Math.ceil(bytes.length / chunkBytes)}, (_, index) =>
				bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
			);
			return (async function* () {
				yield* chunks;
			})();
		},
	} as Pick<KubeClient, 'open'> as KubeClient;
	return {asked, time, open: (scope?: string) => createMetrics(client, scope, clock)};
}

function podsNamed(names: ReadonlyArray<readonly [scope: string, name: string]>): PartItems {
	const pods = new Map(names.map(([scope, name]) => [`uid of ${scope}/${name}`, {base: {scope, name}}]));
	return {pods} as unknown as PartItems;
}

const metrics = '/apis/metrics.k8s.io/v1beta1';

async function read(measured: ReturnType<ReturnType<typeof server>['open']>, items: PartItems, kind = 'instance') {
	const parts: Figures[] = [];
	await measured.read(kind as 'instance', items, part => parts.push(part));
	return parts;
}

test('a pod uses what its containers use; one that is not known is left out', async () => {
	const containers = [{usage: {cpu: '250m', memory: '1Mi'}}, {usage: {cpu: '1', memory: '2Mi'}}, {}];
	const items = [
		{metadata: {name: 'web', namespace: 'shop'}, timestamp, containers},
		{metadata: {name: 'web', namespace: 'other'}, timestamp, containers},
		{metadata: {name: 'idle', namespace: 'shop'}, timestamp, containers: [{usage: {cpu: '0'}}]},
		{metadata: {name: 'unmeasured', namespace: 'shop'}, timestamp, containers: []},
	];
	const measured = server({[`${metrics}/pods`]: {items}}).open();
	const known = podsNamed([
		['shop', 'web'],
		['shop', 'idle'],
		['shop', 'unmeasured'],
	]);
	expect(await read(measured, known)).toEqual([
		{
			'uid of shop/web': {cpus: 1.25, memoryBytes: 3 * 2 ** 20, at},
			'uid of shop/idle': {cpus: 0, at},
			'uid of shop/unmeasured': {at},
		},
	]);
});

test('figures of many pods come in parts, each once', async () => {
	const names = Array.from({length: 11_000}, (_, index) => ['shop', `web-${index}`] as const);
	const items = names.map(([namespace, name]) => ({
		metadata: {name, namespace, labels: {app: 'web'}},
		timestamp,
		containers: [{usage: {cpu: '1m'}}],
	}));
	const measured = server({[`${metrics}/namespaces/shop/pods`]: {items}}).open('shop');
	const parts = await read(measured, podsNamed(names));
	expect(parts).toHaveLength(3);
	const all = parts.flatMap(part => Object.keys(part));
	expect(all).toHaveLength(11_000);
	expect(new Set(all).size).toBe(11_000);
});

test('nodes are measured by themselves', async () => {
	const items = [{metadata: {name: 'n1'}, timestamp, usage: {cpu: '2', memory: '1Gi'}}];
	const measured = server({[`${metrics}/nodes`]: {items}}).open();
	expect(await read(measured, podsNamed([]), 'node')).toEqual([{n1: {cpus: 2, memoryBytes: 2 ** 30, at}}]);
});

test('where nobody serves it, it is asked for again after a minute', async () => {
	const {asked, time, open} = server({});
	const measured = open();
	expect(await read(measured, podsNamed([]))).toEqual([]);
	time.nowMs = 59_000;
	await read(measured, podsNamed([]));
	expect(asked).toHaveLength(1);
	time.nowMs = 61_000;
	await read(measured, podsNamed([]));
	expect(asked).toHaveLength(2);
});

test('figures are asked for as often as they are measured, and of many less often', async () => {
	const clock = createManualClock(0);
	const measured = createMetrics({} as KubeClient, undefined, clock);
	const at: number[] = [];
	const end = measured.every(async () => {
		at.push(clock.now());
		return at.length === 1 ? 0 : 10_000;
	});
	for (let tenth = 0; tenth < 800; tenth++) {
		clock.advance(100);
		await new Promise(resolve => setImmediate(resolve));
	}

	end();
	const [first = 0, second = 0, third = 0] = at;
	expect(Math.round((second - first) / 1000)).toBe(15);
	expect(Math.round((third - second) / 1000)).toBe(55);
});
