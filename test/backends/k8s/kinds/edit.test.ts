import {expect, test} from 'vitest';
import type {ApiRequest, KubeClient} from '../../../../source/backends/k8s/client.ts';
import {conflictsOf, readDocument, writeEdit} from '../../../../source/backends/k8s/kinds/edit.ts';
import {answerError} from '../../../../source/backends/k8s/translate-error.ts';
import {mergePatch} from '../../../../source/core/difference/merge-patch.ts';

const path = '/apis/apps/v1/namespaces/shop/deployments/web';

/** A server with one object. It keeps what it is sent; what `others` manage is refused unless forced, and never taken away by an apply. */
function server(others: Readonly<Record<string, string>> = {}) {
	let object: Record<string, unknown> = {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: {name: 'web', namespace: 'shop', resourceVersion: '1', uid: 'u', labels: {'a.b/c': 'x', old: 'y'}},
		spec: {replicas: 3, paused: false},
		status: {replicas: 3},
	};
	const sent: string[] = [];
	let isLate = false;
	const json = async ({method = 'GET', path: asked, body}: ApiRequest) => {
		if (method === 'GET') return structuredClone(object);
		const patch = JSON.parse(body?.text ?? '');
		sent.push(`${body?.type.split('/')[1]} ${asked.split('?')[1]} ${body?.text}`);
		if (isLate) {
			isLate = false;
			throw answerError(409, '{"message":"the object has been modified; please apply your changes"}', asked);
		}

		const isApply = body?.type === 'application/apply-patch+yaml';
		const causes = Object.entries(others)
			.filter(([field]) => patch.spec?.[field] !== undefined)
			.map(([field, name]) => ({message: `conflict with "${name}" using apps/v1`, field: `.spec.${field}`}));
		if (isApply && causes.length > 0 && !asked.includes('force=true')) {
			throw answerError(409, JSON.stringify({message: 'Apply failed with 1 conflict', details: {causes}}), asked);
		}

		const after = mergePatch<object>(object, patch) as Record<string, unknown>;
		if (!asked.includes('dryRun')) object = after;
		return structuredClone(after);
	};
	return {
		client: {json} as unknown as KubeClient,
		sent,
		/** The next write comes after somebody else's. */
		late() {
			isLate = true;
		},
		change(patch: object) {
			object = mergePatch<object>(object, patch) as Record<string, unknown>;
		},
		get object() {
			return object;
		},
	};
}

test('a document has nothing that only the server writes', async () => {
	expect(await readDocument(server().client, path)).toEqual({
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: {name: 'web', namespace: 'shop', labels: {'a.b/c': 'x', old: 'y'}},
		spec: {replicas: 3, paused: false},
	});
});

async function edited(kube: ReturnType<typeof server>, patch: object) {
	const opened = await readDocument(kube.client, path);
	return {opened, edited: mergePatch<object>(opened, patch) as typeof opened};
}

test('only what was changed is applied, as the object was seen', async () => {
	const kube = server();
	await writeEdit(kube.client, path, await edited(kube, {spec: {replicas: 5}}), {force: false});
	expect(kube.sent).toEqual([
		'apply-patch+yaml fieldManager=muster {"spec":{"replicas":5},"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop","resourceVersion":"1"}}',
	]);
});

test('what an apply does not take away is taken away by a patch', async () => {
	const kube = server();
	await writeEdit(kube.client, path, await edited(kube, {metadata: {labels: {old: null}}}), {force: false});
	expect(kube.sent[1]).toBe(
		'merge-patch+json fieldManager=muster {"metadata":{"resourceVersion":"1","labels":{"old":null}}}',
	);
	expect(kube.object.metadata).toMatchObject({labels: {'a.b/c': 'x'}});
});

test('others who manage a field are named, and nothing is written without force', async () => {
	const kube = server({replicas: 'autoscaler', paused: 'muster'});
	const edit = await edited(kube, {spec: {replicas: 5, paused: true}});
	expect(await conflictsOf(kube.client, path, edit)).toEqual([{manager: 'autoscaler', field: 'spec.replicas'}]);
	await expect(writeEdit(kube.client, path, edit, {force: false})).rejects.toMatchObject({code: 'conflict'});
	expect(kube.object.spec).toEqual({replicas: 3, paused: false});
	await writeEdit(kube.client, path, edit, {force: true});
	expect(kube.object.spec).toEqual({replicas: 5, paused: true});
});

test('what muster itself has set is in nobody’s way', async () => {
	const kube = server({paused: 'muster'});
	await writeEdit(kube.client, path, await edited(kube, {spec: {paused: true}}), {force: false});
	expect(kube.object.spec).toMatchObject({paused: true});
});

test('a status that moves on is no conflict; a spec that does is', async () => {
	const kube = server();
	const edit = await edited(kube, {spec: {replicas: 5}});
	kube.change({metadata: {resourceVersion: '2'}, status: {replicas: 2}});
	kube.late();
	await writeEdit(kube.client, path, edit, {force: false});
	expect(kube.object.spec).toMatchObject({replicas: 5});
	await expect(writeEdit(kube.client, path, edit, {force: true})).rejects.toThrow(
		'Deployment web was changed meanwhile',
	);
});

test('control characters are applied as escapes: the server reads YAML, which knows no others', async () => {
	const kube = server();
	await writeEdit(kube.client, path, await edited(kube, {metadata: {labels: {'a.b/c': 'x\u009b\u007fy'}}}), {
		force: false,
	});
	expect(kube.sent[0]).toContain('"x\\u009b\\u007fy"');
});
