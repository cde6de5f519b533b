import {ClusterError} from '../../../core/error.ts';
import type {FileAttachment, Mount, NetworkAttachment} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawContainerSpec, RawFileReference, RawMount, RawTaskSpec} from '../api-types.ts';

// Networks, mounts, configs and secrets of a service's containers.

/** The engine knows networks, configs and secrets by their ids, core by their names. */
export type Names = {
	networkName(id: string): string | undefined;
	/** Throws `not-found`. */
	networkId(name: string): string;
	readonly config: FileNames;
	readonly secret: FileNames;
};

/** Each version of a config or secret is an object of its own. */
export type FileNames = {
	/** What the one with this id, called so, is a version of. */
	logical(id: string, name: string): string;
	/** Throws `not-found`. */
	newest(name: string): {readonly id: string; readonly name: string};
};

export type Attachments = {
	readonly networks?: readonly NetworkAttachment[];
	readonly mounts?: readonly Mount[];
	readonly configs?: readonly FileAttachment[];
	readonly secrets?: readonly FileAttachment[];
};

const usualMode = {configs: 0o444, secrets: 0o444};
const configFolder = '/';

export function toAttachments({Networks, ContainerSpec = {}}: RawTaskSpec, names: Names): Attachments {
	const {Mounts = [], Configs = [], Secrets = []} = ContainerSpec;
	const mounts = Mounts.flatMap(toMount);
	const configs = Configs.flatMap(raw =>
		toFile(raw, names.config.logical(raw.ConfigID ?? '', raw.ConfigName ?? ''), usualMode.configs),
	);
	const secrets = Secrets.flatMap(raw =>
		toFile(raw, names.secret.logical(raw.SecretID ?? '', raw.SecretName ?? ''), usualMode.secrets),
	);
	return {
		...(Networks?.length && {
			networks: Networks.map(({Target, Aliases}) => ({
				network: names.networkName(Target) ?? Target,
				...(Aliases?.length && {aliases: Aliases}),
			})),
		}),
		...(mounts.length > 0 && {mounts}),
		...(configs.length > 0 && {configs}),
		...(secrets.length > 0 && {secrets}),
	};
}

function toMount({Type, Source, Target, ReadOnly, TmpfsOptions}: RawMount): Mount[] {
	if (Type !== 'volume' && Type !== 'bind' && Type !== 'tmpfs') return [];
	return [
		{
			type: Type,
			...(Source && {source: Source}),
			target: Target,
			...(ReadOnly && {readOnly: true}),
			...(TmpfsOptions?.SizeBytes && {sizeBytes: TmpfsOptions.SizeBytes}),
		},
	];
}

/** One without a file (a credential spec) is nothing that core knows. */
function toFile({File}: RawFileReference, source: string, usual: number): FileAttachment[] {
	if (File === undefined) return [];
	const {Name, UID, GID, Mode} = File;
	const isUsual = Name === source || Name === `${configFolder}${source}`;
	return [
		{
			source,
			...(!isUsual && Name !== undefined && {target: Name}),
			...(Mode !== undefined && Mode !== usual && {mode: Mode}),
			...(UID && UID !== '0' && {uid: UID}),
			...(GID && GID !== '0' && {gid: GID}),
		},
	];
}

export function writeNetworks(task: RawTaskSpec, networks: readonly NetworkAttachment[] = [], names: Names): void {
	const known = new Map((task.Networks ?? []).map(raw => [raw.Target, raw]));
	task.Networks = networks.map(({network, aliases}) => {
		const Target = names.networkId(network);
		const {Aliases: _, ...kept} = known.get(Target) ?? known.get(network) ?? {};
		return {...kept, Target, ...(aliases?.length && {Aliases: [...aliases]})};
	});
}

export function writeMounts(container: RawContainerSpec, mounts: readonly Mount[] = []): void {
	const unknown = (container.Mounts ?? []).filter(mount => toMount(mount).length === 0);
	const known = new Map((container.Mounts ?? []).map(mount => [mount.Target, mount]));
	container.Mounts = [...unknown, ...mounts.map(mount => fromMount(mount, known.get(mount.target)))];
}

function fromMount({type, source, target, readOnly, perSlot, sizeBytes}: Mount, known: RawMount | undefined): RawMount {
	const {Source: _, ReadOnly: __, ...kept} = known?.Type === type ? known : ({} as Partial<RawMount>);
	return {
		...kept,
		Type: type,
		// Swarm puts a task's own slot in the place of this.
		...(source !== undefined && {Source: perSlot ? `${source}-{{.Task.Slot}}` : source}),
		Target: target,
		...(readOnly && {ReadOnly: true}),
		...(sizeBytes !== undefined && {TmpfsOptions: {...kept.TmpfsOptions, SizeBytes: sizeBytes}}),
	};
}

export function writeFiles(
	container: RawContainerSpec,
	member: 'Configs' | 'Secrets',
	files: readonly FileAttachment[] = [],
	names: Names,
): void {
	const isConfig = member === 'Configs';
	const others = (container[member] ?? []).filter(({File}) => File === undefined);
	const written = files.map(({source, target, mode, uid = '0', gid = '0', onChange}): RawFileReference => {
		if (onChange !== undefined && onChange !== 'update') {
			throw new ClusterError(
				'unsupported',
				`${stripControl(source)}: Swarm gives a file once, and cannot change it below a running task.`,
			);
		}

		const File = {
			Name: target ?? (isConfig ? `${configFolder}${source}` : source),
			UID: uid,
			GID: gid,
			Mode: mode ?? usualMode[isConfig ? 'configs' : 'secrets'],
		};
		const {id, name} = names[isConfig ? 'config' : 'secret'].newest(source);
		return isConfig ? {File, ConfigID: id, ConfigName: name} : {File, SecretID: id, SecretName: name};
	});
	container[member] = [...others, ...written];
}
