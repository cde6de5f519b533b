import type {Patch, Ref, WriteOptions} from '../../../core/backend.ts';
import {mergePatch} from '../../../core/difference/merge-patch.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {ConfigSpec, FileData, SecretSpec, VolumeSpec} from '../../../core/model/index.ts';
import {type PartName, partResources} from '../reading/parts.ts';
import {collectionPath, objectPath} from '../reading/resources.ts';
import {contentVersion, versionOf} from '../translate/translate-files.ts';
import {own} from '../translate/translate-meta.ts';
import {withQuery} from '../watch.ts';
import {memoryQuantity} from '../wire/quantity.ts';
import type {WireConfigMap, WireObject} from '../wire/wire.ts';
import {followContent} from './follow-content.ts';
import type {Json} from './json.ts';
import {isSame} from './manifest-template.ts';
import {manager, type Writing} from './writing.ts';

export type ConfigKind = 'config' | 'secret' | 'volume';

const about: Readonly<Record<ConfigKind, {readonly part: PartName; readonly kind: string}>> = {
	config: {part: 'configmaps', kind: 'ConfigMap'},
	secret: {part: 'secrets', kind: 'Secret'},
	volume: {part: 'claims', kind: 'PersistentVolumeClaim'},
};

export function configPath(kind: ConfigKind, scope: string, name: string): string {
	return objectPath(partResources[about[kind].part] as never, scope, name);
}

/** Creates or patches; the server holds names and sizes to its own rules. */
export async function applyConfig(
	{client, namespace}: Writing,
	ref: Ref,
	kind: ConfigKind,
	patch: Patch<ConfigSpec & SecretSpec & VolumeSpec>,
	{create, ifRevision}: WriteOptions,
): Promise<{readonly id: string}> {
	const scope = ref.scope ?? namespace;
	const {part, kind: wireKind} = about[kind];
	const body = (type: string, value: unknown) => ({type, text: JSON.stringify(value)});
	if (create) {
		const object = {
			apiVersion: 'v1',
			kind: wireKind,
			metadata: {
				name: ref.name,
				labels: {...mergePatch({}, (patch.labels ?? {}) as never), [own.managedByLabel]: own.managedBy},
			},
			...(kind === 'volume' ? {spec: claimSpec(patch)} : mergePatch({}, dataOf(kind, patch.data ?? {}))),
		};
		const path = withQuery(collectionPath(partResources[part] as never, scope), manager);
		const made = await client.json<WireObject>({method: 'POST', path, body: body('application/json', object)});
		return {id: made.metadata.uid};
	}

	const path = configPath(kind, scope, ref.name);
	for (let tries = 1; ; tries++) {
		const live = await client.json<WireConfigMap>({path});
		const {uid, resourceVersion} = live.metadata;
		if (ref.id !== undefined && ref.id !== uid) {
			throw new ClusterError('not-found', `the ${kind} ${ref.name} that was meant is not there any more`);
		}

		const asked = ifRevision?.split(/[.-]/)[0];
		if (asked !== undefined && asked !== resourceVersion) {
			throw new ClusterError('conflict', `${ref.name} was changed by someone else meanwhile`);
		}

		const version = kind !== 'volume' && patch.data ? versionAfter(live, dataOf(kind, patch.data)) : undefined;
		const change = {
			metadata: {
				...{resourceVersion, ...(patch.labels !== undefined && {labels: patch.labels})},
				...(version !== undefined && {annotations: {[contentVersion]: String(version)}}),
			},
			...(kind === 'volume' && patch.sizeBytes ? {spec: claimSize(patch.sizeBytes)} : {}),
			...(kind !== 'volume' && patch.data ? dataOf(kind, patch.data) : {}),
		};
		try {
			const request = body('application/merge-patch+json', change);
			await client.text({method: 'PATCH', path: withQuery(path, manager), body: request});
			if (kind !== 'volume' && version !== undefined) {
				await followContent({client}, {kind, name: ref.name, scope, version});
			}

			return {id: uid};
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict' || tries === 5) throw thrown;
		}
	}
}

/** Undefined: it holds that already. */
function versionAfter({metadata, data, binaryData}: WireConfigMap, patch: Json): number | undefined {
	const before = {data: data ?? {}, binaryData: binaryData ?? {}};
	return isSame(before, mergePatch(before, patch as never)) ? undefined : versionOf(metadata.annotations) + 1;
}

/** Text goes into a ConfigMap as it is, what is no text as base64; a Secret has all of it so. Null takes a member away. */
function dataOf(kind: ConfigKind, files: Patch<FileData> | null): Json {
	const members = Object.entries(files ?? {}).map(
		([name, content]): readonly [string, string | null, string | null] => {
			if (content === null) return [name, null, null];
			if (typeof content !== 'string') {
				const {base64} = content as {base64: string};
				return kind === 'secret' ? [name, base64, null] : [name, null, base64];
			}

			return [name, kind === 'secret' ? Buffer.from(content, 'utf8').toString('base64') : content, null];
		},
	);
	const data = Object.fromEntries(members.map(([name, text]) => [name, text]));
	const binaryData = Object.fromEntries(members.map(([name, , bytes]) => [name, bytes]));
	return kind === 'secret' ? {data} : {data, binaryData};
}

const defaultSizeBytes = 2 ** 30;

function claimSpec({sizeBytes, storageClass, driver, options, node}: Patch<VolumeSpec>): Json {
	if (node !== undefined) {
		throw new ClusterError('unsupported', '--node: a StorageClass says where a volume lies');
	}

	if (driver || options) {
		throw new ClusterError(
			'unsupported',
			`--${driver ? 'driver' : 'opt'}: a StorageClass says who makes a volume, and how: name it by --storage-class`,
		);
	}

	return {
		accessModes: ['ReadWriteOnce'],
		...claimSize(sizeBytes ?? defaultSizeBytes),
		...(storageClass ? {storageClassName: storageClass} : {}),
	};
}

function claimSize(sizeBytes: number): Json {
	return {resources: {requests: {storage: memoryQuantity(sizeBytes)}}};
}
