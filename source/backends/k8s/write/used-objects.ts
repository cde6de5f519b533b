import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {FileAttachment, ServiceSpec} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {partResources} from '../reading/parts.ts';
import {objectPath} from '../reading/resources.ts';
import {type FileKind, versionOf} from '../translate/translate-files.ts';
import type {WireConfigMap, WireObject} from '../wire/wire.ts';
import {targetOf} from './manifest-files.ts';
import {isSame} from './manifest-template.ts';

const parts = {config: 'configmaps', secret: 'secrets', volume: 'claims'} as const;

/**
 * What a service asks for, with all that its namespace says of its configs and secrets: which file each of them is, and the
 * version that pods would begin with. Throws `not-found` for what is not there: Kubernetes would make pods that wait for it for
 * ever.
 */
export async function withFiles(
	client: KubeClient,
	scope: string,
	asked: ServiceSpec,
	before?: ServiceSpec,
): Promise<ServiceSpec> {
	const {configs, secrets, mounts = []} = asked.template;
	const was = before?.template;
	const read = async <T>(kind: keyof typeof parts, name: string, isKnown: boolean): Promise<T | undefined> => {
		try {
			return await client.json<T>({path: objectPath(partResources[parts[kind]] as never, scope, name)});
		} catch (thrown) {
			const error = toClusterError(thrown);
			// Who may not read it may still use it.
			if (error.code === 'not-allowed' || (isKnown && error.code === 'not-found')) return undefined;
			throw error.code === 'not-found' ? missing(kind, name, scope, error) : error;
		}
	};
	for (const {type, source} of mounts) {
		const isKnown = was?.mounts?.some(one => one.type === 'volume' && one.source === source) ?? false;
		if (type === 'volume' && source !== undefined && !isKnown) await read<WireObject>('volume', source, isKnown);
	}

	const files = async (kind: FileKind, all: readonly FileAttachment[], known: readonly FileAttachment[] = []) => {
		const found: FileAttachment[] = [];
		for (const file of all) {
			const isKnown = known.some(({source}) => source === file.source);
			const isAsBefore = known.some(one => isSame(one, file));
			const object = isAsBefore ? undefined : await read<WireConfigMap>(kind, file.source, isKnown);
			found.push(object === undefined ? file : chosenFile(kind, file, object, known));
		}

		return found;
	};
	return {
		...asked,
		template: {
			...asked.template,
			...(configs && {configs: await files('config', configs, was?.configs)}),
			...(secrets && {secrets: await files('secret', secrets, was?.secrets)}),
		},
	};
}

/**
 * As it is asked for; else the only file that there is, or the one that the target names. What is mounted as a folder stays one,
 * and what has several files becomes one.
 */
export function chosenFile(
	kind: FileKind,
	{version: _, ...file}: FileAttachment,
	{data = {}, binaryData = {}, metadata}: WireConfigMap,
	known: readonly FileAttachment[] = [],
): FileAttachment {
	const names = [...Object.keys(data), ...Object.keys(binaryData)].toSorted();
	if (file.key !== undefined && !names.includes(file.key)) {
		const there = names.length === 0 ? 'it has none' : `there are: ${names.join(', ')}`;
		throw new ClusterError(
			'usage',
			stripControl(`--${kind}: ${file.source} has no file ${JSON.stringify(file.key)}; ${there}`),
		);
	}

	const isFolder = known.some(
		({source, key, target}) => key === undefined && source === file.source && target === targetOf(file, kind),
	);
	const [only, ...others] = names;
	const named = names.find(name => name === file.target?.split('/').at(-1));
	const key = file.key ?? (isFolder ? undefined : others.length === 0 ? only : named);
	return key === undefined ? file : {...file, key, version: versionOf(metadata.annotations)};
}

function missing(kind: string, name: string, scope: string, cause: unknown): ClusterError {
	return new ClusterError('not-found', `there is no ${kind} ${JSON.stringify(stripControl(name))} in ${scope}`, {
		cause,
	});
}
