import type {Patch, Ref, WriteOptions} from '../core/backend.ts';
import {isObject, mergePatch} from '../core/difference/merge-patch.ts';
import {ClusterError} from '../core/error.ts';
import {onlyFile} from '../core/model/config.ts';
import type {
	Config,
	ConfigSpec,
	FileAttachment,
	FileData,
	Network,
	NetworkSpec,
	Secret,
	SecretSpec,
	Service,
	Volume,
	VolumeSpec,
} from '../core/model/index.ts';
import type {Problem} from '../core/spec/check.ts';
import {checkName} from '../core/spec/service-spec.ts';
import {
	checkConfigSpec,
	checkNetworkSpec,
	checkSecretSpec,
	checkVolumeSpec,
	maxFileBytes,
} from '../core/spec/stored-spec.ts';
import {checkPrecondition, refuseProblems} from './admission-checks.ts';
import {putFileVersion, removeFileVersions} from './file-versions.ts';
import {emit, newMeta, type Write} from './turn.ts';
import {updateService} from './update-service.ts';
import {filesOf, usersOf} from './usage-of-stored.ts';
import type {Vault} from './vault.ts';
import type {VirtualNet} from './virtual-addresses.ts';

// Users' writes of networks, volumes, configs and secrets: everything is checked before anything is put.

export type StoredObjectKind = 'network' | 'volume' | 'config' | 'secret';
export type StoredObject = Network | Volume | Config | Secret;

export const storedObjectKinds = [
	'network',
	'volume',
	'config',
	'secret',
] as const satisfies readonly StoredObjectKind[];

/** What such a write needs besides the transaction. */
export type StoredParts = {
	readonly vault: Vault;
	/** Where a volume lies; absent: nowhere that could be told. */
	readonly volumePath?: (name: string, id: string) => string;
	readonly virtualNet?: VirtualNet;
};

type Options = Pick<WriteOptions, 'create' | 'ifRevision'>;

export function isStoredKind(kind: string): kind is StoredObjectKind {
	return (storedObjectKinds as readonly string[]).includes(kind);
}

export function writeStored(
	write: Write,
	ref: Ref<StoredObjectKind>,
	patch: object,
	options: Options,
	parts: StoredParts,
): StoredObject {
	refuseProblems(checkName(ref.name, 'name'));
	switch (ref.kind) {
		case 'config':
			return writeConfig(write, ref, patch, options);
		case 'secret':
			return writeSecret(write, ref, patch, options, parts.vault);
		case 'volume':
			return writeVolume(write, ref, patch, options, parts);
		case 'network':
			return writeNetwork(write, ref, patch, options);
	}
}

function known<K extends StoredObjectKind>({tx}: Write, ref: Ref<StoredObjectKind>, kind: K, options: Options) {
	const found = ref.id === undefined ? tx.byName(kind, ref.name) : tx.get(kind, ref.id);
	checkPrecondition(ref, found, options);
	return found;
}

function specOf<S extends object>(before: S, patch: object, check: (value: unknown) => readonly Problem[]): S {
	const spec = mergePatch(before, patch as Patch<S>);
	refuseProblems(check(spec));
	return spec;
}

function writeConfig(write: Write, ref: Ref<StoredObjectKind>, patch: object, options: Options): Config {
	const before = known(write, ref, 'config', options);
	const spec = specOf<ConfigSpec>(before?.spec ?? ({labels: {}} as ConfigSpec), withWholeData(patch), checkConfigSpec);
	const isNew = before === undefined || JSON.stringify(before.spec.data) !== JSON.stringify(spec.data);
	const version = (before?.version ?? 0) + (isNew ? 1 : 0);
	const config = write.tx.put('config', {
		...(before ?? {
			...newMeta(write, ref.name),
			kind: 'config' as const,
			usedBy: usersOf(write.tx, 'config', ref.name),
		}),
		spec,
		version,
	});
	if (isNew) {
		putFileVersion(write, config, version, {data: spec.data[onlyFile] ?? ''});
	}

	changed(write, config, before, isNew);
	return config;
}

function writeSecret(write: Write, ref: Ref<StoredObjectKind>, patch: object, options: Options, vault: Vault): Secret {
	const before = known(write, ref, 'secret', options);
	const {data, ...spec} = specOf<SecretSpec>(before?.spec ?? {labels: {}}, withWholeData(patch), checkSecretSpec);
	if (before === undefined && data === undefined) {
		throw new ClusterError('usage', 'spec.data.data: must be text or base64, found nothing');
	}

	const version = (before?.version ?? 0) + (data === undefined ? 0 : 1);
	const secret = write.tx.put('secret', {
		...(before ?? {
			...newMeta(write, ref.name),
			kind: 'secret' as const,
			files: [onlyFile],
			usedBy: usersOf(write.tx, 'secret', ref.name),
		}),
		spec,
		version,
	});
	if (data !== undefined) {
		const sealed = vault.seal(bytesOf(data), `${secret.id}.${version}`);
		putFileVersion(write, secret, version, {sealed});
	}

	changed(write, secret, before, data !== undefined);
	return secret;
}

/** The content is one value: a patch of it replaces it, text by base64 too. */
function withWholeData(patch: object): object {
	return isObject(patch) && isObject(patch.data) ? {...patch, data: {[onlyFile]: undefined, ...patch.data}} : patch;
}

/** Services that follow a config or secret get the new version; an event says that there is one. */
function changed(write: Write, object: Config | Secret, before: Config | Secret | undefined, isNew: boolean): void {
	if (before === undefined) {
		emit(write, object, 'Created', `version ${object.version}`);
	} else if (isNew) {
		const staying = namesOf(followersOf(write, object, version => version < (before.version ?? 0)));
		const moved = moveToVersion(write, object, before.version ?? 0);
		const those = moved.length === 0 ? 'no service is updated' : `updates ${moved.join(', ')}`;
		const others = staying.length === 0 ? '' : `; ${staying.join(', ')} went back to an older one, and stays there`;
		emit(write, object, 'Changed', `to version ${object.version}: ${those}${others}`);
	}
}

/** The services that were at the version before and follow it: each is updated as if its user had asked. */
function moveToVersion(write: Write, object: Config | Secret, before: number): readonly string[] {
	const {kind, version} = object;
	const follows = isGiven(object, given => given === before);
	const followers = followersOf(write, object, given => given === before);
	for (const service of followers) {
		const files = filesOf(service.spec, kind).map(file => (follows(file) ? {...file, version} : file));
		const template = {...service.spec.template, [kind === 'config' ? 'configs' : 'secrets']: files};
		const patch = {template: {[kind === 'config' ? 'configs' : 'secrets']: files}};
		updateService(write, service, {patch, spec: {...service.spec, template}, ports: service.status.ports});
	}

	return namesOf(followers);
}

/** Those that are updated when it changes, and have such a version of it. */
function followersOf({tx}: Write, object: Config | Secret, is: (version: number) => boolean): readonly Service[] {
	const gives = isGiven(object, is);
	return [...tx.all('service')].filter(({spec, removing}) => !removing && filesOf(spec, object.kind).some(gives));
}

function isGiven({name}: Config | Secret, is: (version: number) => boolean): (file: FileAttachment) => boolean {
	return ({source, version, onChange = 'update'}) =>
		source === name && onChange === 'update' && version !== undefined && is(version);
}

function namesOf(services: readonly Service[]): string[] {
	return services.map(({name}) => name).sort();
}

export function bytesOf(data: FileData): Uint8Array {
	const content = data[onlyFile] ?? '';
	const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content.base64, 'base64');
	if (bytes.length > maxFileBytes) {
		throw new ClusterError('usage', `spec.data.data: must be at most ${maxFileBytes} bytes, found ${bytes.length}`);
	}

	return bytes;
}

function writeVolume(
	write: Write,
	ref: Ref<StoredObjectKind>,
	patch: object,
	options: Options,
	parts: StoredParts,
): Volume {
	refuseOtherVolumes(patch as Partial<VolumeSpec> | null);
	const before = known(write, ref, 'volume', options);
	const spec = specOf<VolumeSpec>(before?.spec ?? {labels: {}}, patch, checkVolumeSpec);
	if (before) {
		return write.tx.put('volume', {...before, spec});
	}

	return putVolume(write, ref.name, spec, parts);
}

function refuseOtherVolumes(patch: Partial<VolumeSpec> | null): void {
	const {node, driver, options, sizeBytes, storageClass} = patch ?? {};
	const refusals = [
		[node, '--node: volumes here lie on no node: all instances share them, wherever they run'],
		[driver, "--driver: volumes here are muster's own folders, of containers, too, and no driver makes them"],
		[options, "--opt: volumes here are muster's own folders, and no driver makes them"],
		[sizeBytes, '--size: volumes here are folders, which are as large as their disk'],
		[storageClass, '--storage-class: volumes here are folders, all of one class'],
	] as const;
	const [, refusal] = refusals.find(([value]) => value !== undefined) ?? [];
	if (refusal !== undefined) {
		throw new ClusterError('unsupported', refusal);
	}
}

export function putVolume(write: Write, name: string, spec: VolumeSpec, {volumePath}: StoredParts): Volume {
	const meta = newMeta(write, name);
	const volume = write.tx.put('volume', {
		...meta,
		kind: 'volume',
		spec,
		...(volumePath && {path: volumePath(name, meta.id)}),
		usedBy: usersOf(write.tx, 'volume', name),
	});
	emit(write, volume, 'Created', 'is empty');
	return volume;
}

function writeNetwork(write: Write, ref: Ref<StoredObjectKind>, patch: object, options: Options): Network {
	const before = known(write, ref, 'network', options);
	const spec = specOf<NetworkSpec>(before?.spec ?? {labels: {}}, patch, checkNetworkSpec);
	if (before) {
		return write.tx.put('network', {...before, spec});
	}

	const network = write.tx.put('network', {
		...newMeta(write, ref.name),
		kind: 'network',
		spec,
		reach: 'cluster',
		usedBy: usersOf(write.tx, 'network', ref.name),
	});
	emit(write, network, 'Created', 'nobody is on it yet');
	return network;
}

/** Refused while a service uses it: its next instance could not start. */
export function removeStored(write: Write, ref: Ref<StoredObjectKind>, options: Options): void {
	const {kind} = ref;
	const {tx} = write;
	const found = ref.id === undefined ? tx.byName(kind, ref.name) : tx.get(kind, ref.id);
	checkPrecondition(ref, found, {...options, create: false});
	const object = found as StoredObject;
	const users = usersOf(tx, kind, object.name);
	if (users.length > 0) {
		throw new ClusterError('conflict', `The ${kind} ${object.name} is used by ${users.join(', ')}.`, {
			hint: `Take it from them first: muster service update --${flagOf[kind]}-rm …`,
		});
	}

	removeFileVersions(tx, object.id);
	tx.remove(kind, object.id);
	emit(write, object, 'Removed', 'nobody used it');
}

const flagOf: Readonly<Record<StoredObjectKind, string>> = {
	network: 'network',
	volume: 'mount',
	config: 'config',
	secret: 'secret',
};
