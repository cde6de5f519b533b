import {describe, expect, test} from 'vitest';
import {templateOf} from '../../../../source/backends/k8s/translate/translate-template.ts';
import type {WireWorkload} from '../../../../source/backends/k8s/wire/wire.ts';
import {newWorkload, workloadPatch} from '../../../../source/backends/k8s/write/manifest.ts';
import {chosenFile} from '../../../../source/backends/k8s/write/used-objects.ts';
import type {Patch} from '../../../../source/core/backend.ts';
import {toClusterError} from '../../../../source/core/error.ts';
import type {FileAttachment, InstanceTemplate} from '../../../../source/core/model/index.ts';
import {serviceSpec} from '../../../../source/core/spec/service-spec.ts';

type Pod = NonNullable<NonNullable<WireWorkload['spec']>['template']>;

function podOf(template: Patch<InstanceTemplate>): Pod {
	const spec = serviceSpec({template: {image: 'i', ...template}});
	return (newWorkload('web', spec, {hasUpdatePolicy: false}) as unknown as WireWorkload).spec?.template as Pod;
}

/** As `path from volume`, what a pod mounts; and what is read of it again. */
function check(what: string, given: Patch<InstanceTemplate>, mounted: readonly string[], read: object): void {
	test(what, () => {
		const pod = podOf(given);
		const [container] = pod.spec?.containers ?? [];
		const lines = container?.volumeMounts?.map(({name, mountPath, subPath, readOnly}) => {
			const {name: _, ...source} = pod.spec?.volumes?.find(one => one.name === name) ?? {name};
			return `${mountPath}${readOnly ? '' : ' rw'}${subPath === undefined ? '' : ` ${subPath}`} of ${JSON.stringify(source)}`;
		});
		expect(lines).toEqual(mounted);
		const {configs, secrets} = templateOf(pod);
		expect({configs, secrets}).toEqual({configs: undefined, secrets: undefined, ...read});
	});
}

describe('a config or secret in a pod', () => {
	check(
		'one file lies at its target, read again with the version that the pod began with',
		{configs: [{source: 'app', key: 'data', target: '/etc/app.conf', version: 3}]},
		['/etc/app.conf data of {"configMap":{"name":"app","items":[{"key":"data","path":"data"}]}}'],
		{configs: [{source: 'app', key: 'data', target: '/etc/app.conf', version: 3}]},
	);
	check(
		'one file lies where docker has it, with its mode; the first version need not be said',
		{
			configs: [{source: 'app', key: 'data'}],
			secrets: [{source: 'key', key: 'k', target: 'db', mode: 0o440}],
		},
		[
			'/app data of {"configMap":{"name":"app","items":[{"key":"data","path":"data"}]}}',
			'/run/secrets/db k of {"secret":{"secretName":"key","items":[{"key":"k","path":"k","mode":288}]}}',
		],
		{
			configs: [{source: 'app', key: 'data', target: '/app', version: 1}],
			secrets: [{source: 'key', key: 'k', target: '/run/secrets/db', mode: 0o440, version: 1}],
		},
	);
	check(
		'all of its files are a folder',
		{configs: [{source: 'app', mode: 0o400}], secrets: [{source: 'key', target: '/keys'}]},
		['/run/configs/app of {"configMap":{"name":"app","defaultMode":256}}', '/keys of {"secret":{"secretName":"key"}}'],
		{configs: [{source: 'app', target: '/run/configs/app', mode: 0o400}], secrets: [{source: 'key', target: '/keys'}]},
	);

	test('of a manifest, one file of a whole volume is one file', () => {
		const volumes = [{name: 'v', configMap: {name: 'nginx', defaultMode: 0o644}}];
		const volumeMounts = [{name: 'v', mountPath: '/etc/nginx.conf', subPath: 'nginx.conf'}];
		const {configs} = templateOf({spec: {containers: [{name: 'c', volumeMounts}], volumes}});
		expect(configs).toEqual([{source: 'nginx', key: 'nginx.conf', target: '/etc/nginx.conf', version: 1}]);
	});

	test.each([
		[{uid: '5'}, '--config source=app,uid=5: in Kubernetes root owns such files; mode says who may read them'],
		[{gid: 'g'}, '--config source=app,gid=g: in Kubernetes root owns such files; mode says who may read them'],
		[
			{onChange: 'SIGHUP' as const},
			'--config source=app,on-change=HUP: in Kubernetes a file that a pod has is never written anew: new content makes new pods',
		],
	])('%o is refused', (more, message) => {
		expect(() => podOf({configs: [{source: 'app', ...more}]})).toThrow(message);
	});
});

describe('a change of it', () => {
	const container = {
		name: 'main',
		volumeMounts: [
			{name: 'hand', mountPath: '/a', subPath: 'x'},
			{name: 'shared', mountPath: '/b', subPath: 'y'},
		],
	};
	const sidecar = {name: 'side', volumeMounts: [{name: 'shared', mountPath: '/b'}]};
	const podSpec = {
		containers: [container, sidecar],
		volumes: [
			{name: 'hand', configMap: {name: 'app'}},
			{name: 'shared', configMap: {name: 'app'}},
		],
	};

	function sent(before: readonly FileAttachment[], after: readonly FileAttachment[]) {
		const [was, is] = [before, after].map(configs => serviceSpec({template: {image: 'i', configs}}));
		const patch = workloadPatch('deployment', was as never, is as never, {name: 'web', podSpec}) as WireWorkload;
		const {metadata, spec} = patch.spec?.template ?? {};
		return {annotations: metadata?.annotations, volumes: spec?.volumes, mounts: spec?.containers?.[0]?.volumeMounts};
	}

	const file = (key: string, target: string, version = 1) => ({source: 'app', key, target, version});

	test('says what goes: a volume that nobody mounts any more, and what a volume of that name was', () => {
		expect(sent([file('x', '/a'), file('y', '/b')], [file('x', '/c')])).toEqual({
			annotations: undefined,
			volumes: [
				{
					name: 'c-178',
					configMap: {name: 'app', items: [{key: 'x', path: 'x'}], defaultMode: null},
					$retainKeys: ['name', 'configMap'],
				},
				{name: 'hand', $patch: 'delete'},
			],
			mounts: [
				{name: 'c-178', mountPath: '/c', readOnly: true, subPath: 'x'},
				{mountPath: '/a', $patch: 'delete'},
				{mountPath: '/b', $patch: 'delete'},
			],
		});
	});

	test('of the version alone makes other pods; of a config that goes its version goes', () => {
		const only = (annotations: object) => ({annotations, volumes: undefined, mounts: undefined});
		expect(sent([file('x', '/a')], [file('x', '/a', 2)])).toEqual(only({'config.muster/app': '2'}));
		expect(sent([file('x', '/a', 2)], [])).toMatchObject({annotations: {'config.muster/app': null}});
	});
});

/** Of a ConfigMap with these files: which one it is, or that all are a folder. */
function chosen(given: FileAttachment, names: string, known: readonly FileAttachment[] = []): string {
	const data = Object.fromEntries(names.split(' ').flatMap(name => (name === '' ? [] : [[name, '']])));
	const metadata = {name: given.source, uid: 'u', resourceVersion: '1', annotations: {'muster/version': '4'}};
	try {
		const {key, version} = chosenFile('config', given, {metadata, data}, known);
		return key === undefined ? 'folder' : `${key} v${version}`;
	} catch (thrown) {
		return toClusterError(thrown).message;
	}
}

test.each<[string, FileAttachment, string, string]>([
	['the only one', {source: 'app'}, 'data', 'data v4'],
	['the one that is named', {source: 'app', key: 'b'}, 'a b', 'b v4'],
	['the one that the target names', {source: 'app', target: '/etc/b.conf'}, 'a.conf b.conf', 'b.conf v4'],
	['all of several', {source: 'app', target: '/etc/app'}, 'a b', 'folder'],
	['all of none', {source: 'app'}, '', 'folder'],
	['none of that name', {source: 'app', key: 'c'}, 'a b', '--config: app has no file "c"; there are: a, b'],
	['none at all', {source: 'app', key: 'c'}, '', '--config: app has no file "c"; it has none'],
	['the newest, whatever was asked', {source: 'app', version: 2}, 'data', 'data v4'],
])('of a config its file is %s', (_, given, names, expected) => {
	expect(chosen(given, names)).toBe(expected);
});

test('what is mounted as a folder stays one', () => {
	const folder = {source: 'app', target: '/run/configs/app'};
	expect(chosen({source: 'app', mode: 0o400}, 'data', [folder])).toBe('folder');
	expect(chosen({source: 'app', target: '/other'}, 'data', [folder])).toBe('data v4');
});
