import type {Patch, Ref, WriteOptions} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Network, NetworkSpec} from '../../../core/model/index.ts';
import {refuse} from '../../../core/spec/check.ts';
import {stripControl} from '../../../core/text/text.ts';
import {checkEngineName} from './name.ts';
import type {FileWriterParts} from './write-files.ts';

// Networks: made and removed, never changed.

export async function applyNetwork(
	{source, docker, look}: FileWriterParts,
	{name}: Ref<'network'>,
	patch: Patch<NetworkSpec>,
	{create}: WriteOptions,
): Promise<Network> {
	if (!create) throw unchangeable('network', name);
	refuse(checkEngineName(name));
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

export async function removeNetwork({source, docker, look}: FileWriterParts, {id, name}: Ref): Promise<void> {
	await source.read(['networks']);
	const raw = source.raw.networks.find(({Id, Name}) => (id === undefined ? Name === name : Id === id));
	const {Id} = present(raw, 'network', name);
	const client = await docker();
	await client.call(async dockerode => dockerode.getNetwork(Id).remove());
	await look(['networks', 'services']);
}

/** `unsupported`. */
export function unchangeable(kind: 'network' | 'volume', name: string): ClusterError {
	return new ClusterError('unsupported', `Docker cannot change the ${kind} ${stripControl(name)}.`, {
		hint: 'Make another, and move its services there.',
	});
}

/** Throws `not-found`. */
export function present<T>(found: T | undefined, kind: string, name: string): T {
	if (found === undefined)
		throw new ClusterError('not-found', `There is no ${kind} ${JSON.stringify(stripControl(name))}.`);
	return found;
}
