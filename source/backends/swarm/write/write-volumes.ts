import type {Patch, Ref, WriteOptions} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Volume, VolumeSpec} from '../../../core/model/index.ts';
import {refuse} from '../../../core/spec/check.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawNode} from '../api-types.ts';
import type {DockerClient} from '../docker.ts';
import type {Part, Source} from '../reading/source.ts';
import type {NodeAccess} from '../tasks/node-access.ts';
import {toNodeName} from '../translate/translate-task.ts';
import {checkEngineName} from './name.ts';
import {present, unchangeable} from './write-things.ts';

// Volumes lie on nodes: the engine of one makes and removes those that are there. They are never changed.

export type VolumeWriterParts = {
	readonly source: Source;
	readonly access: NodeAccess;
	look(parts: readonly Part[]): Promise<void>;
};

/** Without a node, on that of the engine that is talked to. */
export async function applyVolume(
	{source, access, look}: VolumeWriterParts,
	{name}: Ref<'volume'>,
	patch: Patch<VolumeSpec>,
	{create}: WriteOptions,
): Promise<Volume> {
	if (!create) throw unchangeable('volume', name);
	refuse(checkEngineName(name));
	const {driver, labels, options, node: asked, sizeBytes, storageClass} = patch as Partial<VolumeSpec>;
	if (sizeBytes !== undefined || storageClass !== undefined) {
		throw new ClusterError(
			'unsupported',
			sizeBytes === undefined
				? '--storage-class: Docker has no classes of storage: who makes a volume is said by --driver'
				: '--size: Docker gives out no sizes; some drivers take one by --opt',
		);
	}

	await source.read(['nodes']);
	const node = findNode(source.raw.nodes, asked ?? (await access.ownId()) ?? '');
	const client = await access.clientOf(node);
	if (await isThere(client, name)) {
		throw new ClusterError('conflict', `there is a volume ${stripControl(name)} on ${nodeText(node)} already`);
	}

	await client.call(async dockerode =>
		dockerode.createVolume({
			Name: name,
			Labels: {...labels},
			DriverOpts: {...options},
			...(driver !== undefined && {Driver: driver}),
		}),
	);
	await look(['volumes', 'services']);
	const made = source.raw.volumes.find(({raw, nodeId}) => raw.Name === name && nodeId === node.ID);
	return present(made && source.store.get('volume', `${made.nodeName}/${name}`), 'volume', name);
}

export async function removeVolume({source, access, look}: VolumeWriterParts, {id, name}: Ref): Promise<void> {
	await source.read(['volumes']);
	const found = source.raw.volumes.filter(({raw, nodeName}) =>
		id === undefined ? raw.Name === name : `${nodeName}/${raw.Name}` === id,
	);
	if (found.length > 1) {
		const places = found.map(({nodeName}) => stripControl(nodeName)).join(', ');
		throw new ClusterError('conflict', `${found.length} nodes have a volume ${stripControl(name)}: ${places}.`, {
			hint: 'Say on which it is to be removed.',
		});
	}

	const {raw, nodeId} = present(found[0], 'volume', name);
	const client = await access.clientOf(findNode(source.raw.nodes, nodeId));
	await client.call(async dockerode => dockerode.getVolume(raw.Name).remove());
	await look(['volumes', 'services']);
}

/** The engine itself would answer with the one that is there. */
async function isThere(client: DockerClient, name: string): Promise<boolean> {
	try {
		await client.call(async dockerode => dockerode.getVolume(name).inspect());
		return true;
	} catch (thrown) {
		if (toClusterError(thrown).code === 'not-found') return false;
		throw thrown;
	}
}

function findNode(nodes: readonly RawNode[], word: string): RawNode {
	const found = nodes.filter(node => toNodeName(node) === word || node.ID === word);
	const [first, ...others] = found;
	if (first === undefined) {
		throw new ClusterError('not-found', `There is no node ${JSON.stringify(stripControl(word))}.`);
	}

	if (others.length > 0) {
		throw new ClusterError('conflict', `${found.length} nodes are called ${stripControl(word)}.`, {
			hint: `Name it by its id: ${found.map(({ID}) => ID).join(', ')}.`,
		});
	}

	return first;
}

function nodeText(node: RawNode): string {
	return stripControl(toNodeName(node));
}
