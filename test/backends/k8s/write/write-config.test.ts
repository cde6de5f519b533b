import {expect, test} from 'vitest';
import type {KubeClient} from '../../../../source/backends/k8s/client.ts';
import {applyConfig} from '../../../../source/backends/k8s/write/write-config.ts';
import type {Writing} from '../../../../source/backends/k8s/write/writing.ts';
import {ClusterError, toClusterError} from '../../../../source/core/error.ts';

const meta = (name: string) => ({name, namespace: 'default', uid: name, resourceVersion: '7'});

/** A Deployment that mounts a ConfigMap's file alone, or all of it as a folder. */
function deployment(name: string, config: string, subPath?: string, annotations: object = {}) {
	const volumeMounts = [{name: 'v', mountPath: '/c', ...(subPath && {subPath})}];
	const volumes = [{name: 'v', configMap: {name: config}}];
	const template = {metadata: {annotations}, spec: {containers: [{name: 'c', volumeMounts}], volumes}};
	return {metadata: meta(name), spec: {template}};
}

type Given = {readonly annotations?: object; readonly data?: object; readonly forbidden?: string};

/** What is sent when the ConfigMap `app` gets other content, a line each. */
async function sent(
	{annotations, data = {data: 'old', bytes: 'x'}, forbidden}: Given,
	patch: object,
): Promise<string[]> {
	const lines: string[] = [];
	const deployments = [
		deployment('alone', 'app', 'data'),
		deployment('folder', 'app'),
		deployment('other', 'others', 'data'),
		deployment('newest', 'app', 'data', {'config.muster/app': '2'}),
	];
	const client = {
		async json({path}: {path: string}) {
			if (path.endsWith('/configmaps/app')) return {metadata: {...meta('app'), annotations}, data};
			return {items: path.endsWith('/deployments') ? deployments : []};
		},
		async text({path, body}: {path: string; body: {text: string}}) {
			const [name = ''] = /[^/]+(?=\?)/.exec(path) ?? [];
			if (name === forbidden) throw new ClusterError('not-allowed', 'it is forbidden');
			lines.push(`${name} ${body.text}`);
			return '';
		},
	} as unknown as KubeClient;
	const writing = {client, namespace: 'default'} as unknown as Writing;
	await applyConfig(writing, {kind: 'config', name: 'app'}, 'config', patch as never, {}).catch((thrown: unknown) => {
		lines.push(toClusterError(thrown).message);
	});
	return lines;
}

const follow = (version: number) =>
	`alone {"spec":{"template":{"metadata":{"annotations":{"config.muster/app":"${version}"}}}}}`;

test('new content is counted, and what mounts a file of it alone gets new pods', async () => {
	expect(await sent({}, {data: {data: 'new'}})).toEqual([
		'app {"metadata":{"resourceVersion":"7","annotations":{"muster/version":"2"}},"data":{"data":"new"},"binaryData":{"data":null}}',
		follow(2),
	]);
	const [written, ...followers] = await sent({annotations: {'muster/version': '4'}}, {data: {data: 'new'}});
	expect(written).toContain('"muster/version":"5"');
	expect(followers.map(line => line.split(' ')[0])).toEqual(['alone', 'newest']);
});

test('the same content, and labels, are no new version', async () => {
	expect(await sent({}, {data: {data: 'old'}})).toEqual([
		'app {"metadata":{"resourceVersion":"7"},"data":{"data":"old"},"binaryData":{"data":null}}',
	]);
	expect(await sent({}, {labels: {a: 'b'}})).toEqual(['app {"metadata":{"resourceVersion":"7","labels":{"a":"b"}}}']);
});

test('text takes the place of bytes, and bytes that of text', async () => {
	const [written] = await sent({}, {data: {data: {base64: '/w=='}, more: 'text', gone: null}});
	expect(written).toContain(
		'"data":{"data":null,"more":"text","gone":null},"binaryData":{"data":"/w==","more":null,"gone":null}',
	);
});

test('who does not follow is named', async () => {
	expect((await sent({forbidden: 'alone'}, {data: {data: 'new'}})).at(-1)).toBe(
		'the config app has its new content, but alone does not follow it: it is forbidden',
	);
});
