import type {Patch, Ref, WriteOptions} from '../../core/backend.ts';
import {refuse} from '../../core/check.ts';
import {ClusterError} from '../../core/error.ts';
import type {Network, NetworkSpec, Volume, VolumeSpec} from '../../core/model/index.ts';
import {checkName} from '../../core/name.ts';
import {stripControl} from '../../core/text.ts';
import type {FileWriterParts} from './write-files.ts';

// Networks and volumes: made and removed, never changed.

export async function applyNetwork(
	{source, docker, look}: FileWriterParts,
	{name}: Ref<'network'>,
	patch: Patch<NetworkSpec>,
	{create}: WriteOptions,
): Promise<Network> {
	if (!create) throw unchangeable('network', name);
	refuse(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(name) ? [] : checkName(name));
	const {driver = 'overlay', labels, attachable, internal, subnets, options} = patch as Partial<NetworkSpec>;
	const client = await docker();
	await client.call(async dockerode =>
		dockerode.createNetwork({
			Name: name,
			CheckDuplicate: true,
			Driver: driver,
			Labels: {...labels},
			Attachable: attachable ?? false,
			Internal: internal ?? false,
			Options: {...options},
			...(subnets && {
				IPAM: {
					Config: subnets.map(({subnet, gateway, range}) => ({
						Subnet: subnet,
						...(gateway !== undefined && {Gateway: gateway}),
						...(range !== undefined && {IPRange: range}),
					})),
				},
			}),
		} as never),
	);
	await look(['networks', 'services']);
	return present(
		source.store.read<'network'>('network').find(one => one.name === name),
		'network',
		name,
	);
}

export async function applyVolume(
	{source, docker, look}: FileWriterParts,
	{name}: Ref<'volume'>,
	patch: Patch<VolumeSpec>,
	{create}: WriteOptions,
): Promise<Volume> {
	if (!create) throw unchangeable('volume', name);
	refuse(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(name) ? [] : checkName(name));
	const {driver, labels, options, sizeBytes, storageClass} = patch as Partial<VolumeSpec>;
	if (sizeBytes !== undefined || storageClass !== undefined) {
		throw new ClusterError(
			'unsupported',
			`${stripControl(name)}: Docker gives out no sizes and has no classes of storage.`,
		);
	}

	await source.read(['volumes']);
	if (source.raw.volumes.some(({Name}) => Name === name)) {
		throw new ClusterError('conflict', `there is a volume ${stripControl(name)} already`);
	}

	const client = await docker();
	await client.call(async dockerode =>
		dockerode.createVolume({
			Name: name,
			Labels: {...labels},
			DriverOpts: {...options},
			...(driver !== undefined && {Driver: driver}),
		}),
	);
	await look(['volumes', 'services']);
	return present(
		source.store.read<'volume'>('volume').find(one => one.name === name),
		'volume',
		name,
	);
}

export async function removeNetwork({source, docker, look}: FileWriterParts, {id, name}: Ref): Promise<void> {
	await source.read(['networks']);
	const raw = source.raw.networks.find(({Id, Name}) => (id === undefined ? Name === name : Id === id));
	const {Id} = present(raw, 'network', name);
	const client = await docker();
	await client.call(async dockerode => dockerode.getNetwork(Id).remove());
	await look(['networks', 'services']);
}

export async function removeVolume({source, docker, look}: FileWriterParts, {name}: Ref): Promise<void> {
	await source.read(['volumes']);
	const {Name} = present(
		source.raw.volumes.find(one => one.Name === name),
		'volume',
		name,
	);
	const client = await docker();
	await client.call(async dockerode => dockerode.getVolume(Name).remove());
	await look(['volumes', 'services']);
}

function unchangeable(kind: 'network' | 'volume', name: string): ClusterError {
	return new ClusterError('unsupported', `Docker cannot change the ${kind} ${stripControl(name)}.`, {
		hint: 'Make another, and move its services there.',
	});
}

function present<T>(found: T | undefined, kind: string, name: string): T {
	if (found === undefined)
		throw new ClusterError('not-found', `There is no ${kind} ${JSON.stringify(stripControl(name))}.`);
	return found;
}
