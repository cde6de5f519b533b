import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import {mergePatch} from '../../../source/core/difference/merge-patch.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {Manifest, ResourceFacet} from '../../../source/core/resource/facet.ts';
import {isLive, liveTimeoutMs, openLive, untilLive, whySkipped} from './live.ts';

const title = isLive ? 'any kind on a real Kubernetes' : `any kind on a real Kubernetes: ${whySkipped}`;

describe.skipIf(!isLive)(title, {timeout: liveTimeoutMs * 2}, () => {
	let backend: Backend;
	let resources: ResourceFacet;
	const made: Array<{readonly type: string; readonly name: string}> = [];
	beforeAll(async () => {
		backend = await openLive();
		resources = backend.facets.resources as ResourceFacet;
	});
	afterAll(async () => {
		for (const ref of made) await resources.remove(ref, {}).catch(() => {});
		backend?.close();
	});

	const ref = {type: 'deployments.apps', name: 'any-kind'};
	const labels = {app: 'any-kind'};
	const containers = [{name: 'web', image: 'nginx:1', env: [{name: 'A', value: '1'}]}];
	const deployment = {
		...{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: ref.name, labels: {tier: 'front'}}},
		spec: {
			...{replicas: 2, selector: {matchLabels: labels}},
			template: {metadata: {labels}, spec: {containers, terminationGracePeriodSeconds: 1}},
		},
	} as Manifest & {spec: {replicas: number; template: {spec: {containers: typeof containers}}}};

	async function edit(change: object, force = false): Promise<void> {
		const opened = await resources.document(ref);
		const edited = mergePatch<object>(opened, change) as Manifest;
		await resources.edit(ref, {opened, edited}, {force});
	}

	async function now(): Promise<typeof deployment> {
		return (await resources.document(ref)) as typeof deployment;
	}

	test('what is edited is written, and nothing else becomes muster’s', async () => {
		made.push(ref);
		await resources.apply(deployment, {dryRun: false, force: false});
		// Its controller writes into it once: that would be somebody else's change.
		await untilLive('its controller has seen it', async () =>
			JSON.stringify((await now()).metadata).includes('deployment.kubernetes.io/revision'),
		);
		await edit({spec: {replicas: 3}});
		expect((await now()).spec).toMatchObject({replicas: 3});
		const applied = (await now()).spec.template.spec.containers;
		expect(applied[0]).toMatchObject({image: 'nginx:1', env: [{name: 'A', value: '1'}]});
	});

	test('a namespace that is not there is no empty one', async () => {
		const refused = {code: 'not-found', message: 'there is no namespace "defualt"', hint: 'did you mean default?'};
		const scope = 'defualt';
		await expect(backend.list({kind: 'service', scope})).rejects.toMatchObject(refused);
		await expect(backend.list({kind: 'instance', scope})).rejects.toMatchObject(refused);
		await expect(resources.table('pods', {scope})).rejects.toMatchObject(refused);
		await expect(resources.readAll('configmaps', {scope}, {reveals: false})).rejects.toMatchObject(refused);
		// What belongs to no namespace is not looked for in one.
		expect((await resources.table('nodes', {scope})).rows).not.toEqual([]);
		expect((await resources.table('ingresses', {scope: 'kube-node-lease'})).rows).toEqual([]);
	});

	test('what the model knows is found among all kinds', async () => {
		const [node] = (await backend.list({kind: 'node'})).items;
		const found = node && resources.refOf?.(node);
		expect(found).toMatchObject({type: 'nodes', name: node?.name});
		expect(await resources.read(found as never, {reveals: false})).toMatchObject({kind: 'Node', apiVersion: 'v1'});
	});

	test('all objects of a kind are read at once, each as it is read by itself; of secrets how much they hold', async () => {
		const secrets = ['any-one', 'any-two'].map(name => ({type: 'secrets', name}));
		for (const {name, type} of secrets) {
			made.push({type, name});
			const manifest = {
				...{apiVersion: 'v1', kind: 'Secret', metadata: {name, labels: {any: 'kind'}}},
				stringData: {word: 'hunter2'},
			};
			await resources.apply(manifest, {dryRun: false, force: false});
		}

		for (const reveals of [false, true, 'text'] as const) {
			const {objects} = await resources.readAll('secrets', {labels: 'any=kind'}, {reveals});
			expect(objects).toEqual(await Promise.all(secrets.map(one => resources.read(one, {reveals}))));
			expect(JSON.stringify(objects).includes('7 bytes')).toBe(reveals === false);
		}
	});

	test('an object of a kind that was defined just before waits until the server knows it', async () => {
		const definition = {
			...{apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition'},
			metadata: {name: 'buoys.any.example'},
			spec: {
				...{group: 'any.example', scope: 'Namespaced', names: {plural: 'buoys', singular: 'buoy', kind: 'Buoy'}},
				versions: [
					{
						...{name: 'v1', served: true, storage: true},
						schema: {openAPIV3Schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}},
					},
				],
			},
		} as Manifest;
		made.push({type: 'customresourcedefinitions', name: 'buoys.any.example'});
		const buoy = {apiVersion: 'any.example/v1', kind: 'Buoy', metadata: {name: 'red'}};
		const unknown = resources.apply(buoy, {dryRun: false, force: false}).catch(toClusterError);
		expect(await unknown).toMatchObject({code: 'not-found'});
		await resources.apply(definition, {dryRun: false, force: false});
		expect(await resources.apply(buoy, {dryRun: false, force: false})).toMatchObject({
			change: 'created',
			type: 'buoys',
		});
	});

	test('a table goes on with each row that comes, changes and goes, in the server’s own columns', async () => {
		const {columns, revision} = await resources.table('configmaps', {});
		const [ending, name] = [new AbortController(), `row-${process.pid}`];
		const seen: string[] = [];
		const data = columns.findIndex(({title}) => title === 'DATA');
		const watched = (async () => {
			for await (const change of resources.watch('configmaps', {name}, revision, ending.signal)) {
				if (change.type === 'put') seen.push(`${change.object.name} ${change.object.cells[data]}`);
				if (change.type === 'remove') seen.push('gone');
			}
		})().catch((thrown: unknown) => {
			if (!ending.signal.aborted) throw thrown;
		});
		const map = (entries: object) => ({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data: entries});
		await resources.apply(map({a: '1'}) as Manifest, {dryRun: false, force: false});
		await resources.apply(map({a: '1', b: '2'}) as Manifest, {dryRun: false, force: false});
		await resources.remove({type: 'configmaps', name}, {});
		await untilLive('all of it is heard', () => seen.includes('gone'));
		expect(seen).toEqual([`${name} 1`, `${name} 2`, 'gone']);
		ending.abort();
		await watched;
	});

	test('labels and entries of lists are taken away, whoever manages them', async () => {
		await resources.label(ref, {mine: 'x', 'a.b/c': 'y'});
		await edit({metadata: {labels: {mine: null}}});
		expect((await now()).metadata).toMatchObject({labels: {tier: 'front', 'a.b/c': 'y'}});
		const [{env: _, ...first}] = (await now()).spec.template.spec.containers as unknown as [object & {env?: unknown}];
		await edit({spec: {template: {spec: {containers: [first]}}}});
		expect((await now()).spec.template.spec.containers[0]).not.toHaveProperty('env');
	});

	test('what muster has set is not in its way; what was changed meanwhile is not overwritten', async () => {
		const settings = {type: 'configmaps', name: 'any-kind-owned'};
		made.push(settings);
		await backend.apply({kind: 'config', name: settings.name}, {data: {a: '1'}}, {create: true});
		const opened = await resources.document(settings);
		const edited = mergePatch<object>(opened, {data: {a: '2'}}) as Manifest;
		expect(await resources.conflicts(settings, {opened, edited})).toEqual([]);
		await resources.edit(settings, {opened, edited}, {force: false});
		const late = await resources.edit(settings, {opened, edited}, {force: true}).catch(toClusterError);
		expect(late).toMatchObject({code: 'conflict', message: expect.stringMatching(/was changed meanwhile/)});
	});

	test('what the server refuses is told by its field', async () => {
		const refused = await edit({spec: {replicas: -1}}).catch(toClusterError);
		expect(refused).toMatchObject({code: 'usage', message: expect.stringMatching(/spec\.replicas/)});
	});

	test('a removal that orphans lets the pods run on; a foreground one waits for them', async () => {
		const pods = async () =>
			(await resources.table('pods', {labels: 'app=any-kind'})).rows.filter(({cells}) => cells[2] === 'Running');
		await untilLive('its pods run', async () => (await pods()).length === 3);
		await backend.remove({kind: 'service', name: ref.name}, {cascade: 'orphan'});
		await untilLive('it is gone', async () => (await resources.table(ref.type, {name: ref.name})).rows.length === 0);
		expect(await pods()).toHaveLength(3);
		for (const {name} of (await resources.table('replicasets.apps', {labels: 'app=any-kind'})).rows) {
			await resources.remove({type: 'replicasets.apps', name}, {cascade: 'foreground'});
		}

		await untilLive('all are gone', async () => {
			const left = ['pods', 'replicasets.apps'].map(async type => resources.table(type, {labels: 'app=any-kind'}));
			return (await Promise.all(left)).every(({rows}) => rows.length === 0);
		});
	});
});
