import {Buffer} from 'node:buffer';
import {isDeepStrictEqual} from 'node:util';
import type {Patch, Ref, WriteOptions} from '../../../core/backend.ts';
import {isObject, mergePatch} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import {onlyFile} from '../../../core/model/config.ts';
import type {Config, ConfigSpec, Secret, SecretSpec} from '../../../core/model/index.ts';
import {refuse} from '../../../core/spec/check.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawFile, RawFileReference, RawService} from '../api-types.ts';
import type {SwarmCalls} from '../connection/swarm-calls.ts';
import type {DockerClient} from '../docker.ts';
import type {Part, Source} from '../reading/source.ts';
import {
	ownFileLabels,
	versionedName,
	versionNumber,
	versionOfLabel,
	versionsByName,
} from '../translate/file-versions.ts';
import {checkEngineName} from './name.ts';

type FileKind = 'config' | 'secret';

export type FileWriterParts = {
	readonly source: Source;
	calls(): SwarmCalls;
	docker(): Promise<DockerClient>;
	/** Reads these anew, and has who watches look too. */
	look(parts: readonly Part[]): Promise<void>;
};

const maxBytes = {config: 1_000_000, secret: 500_000};
const partOf = {config: 'configs', secret: 'secrets'} as const;
const memberOf = {config: 'Configs', secret: 'Secrets'} as const;

/** Creates one, labels one anew, or (what Swarm cannot) changes what is in it: a new version, to which its services move. */
export async function applyFile(
	parts: FileWriterParts,
	ref: Ref<'config'> | Ref<'secret'>,
	patch: Patch<ConfigSpec> | Patch<SecretSpec>,
	options: WriteOptions,
): Promise<Config | Secret> {
	const {source} = parts;
	const {kind, name} = ref;
	const part = partOf[kind];
	await source.read([part, 'services'], {signal: options.signal});
	const versions = findVersions(source, ref);
	const [newest] = versions;
	if (options.create) {
		refuse(checkEngineName(name));
		if (newest !== undefined) throw new ClusterError('conflict', `there is a ${kind} ${stripControl(name)} already`);
		await create(parts, kind, {Name: name, Labels: labelsOf(patch.labels), Data: encode(kind, patch.data)});
	} else {
		if (newest === undefined) throw absent(ref);
		refuseStale(newest, options, ref);
		const labels = mergePatch<Record<string, string>>(ownFileLabels(newest), (patch.labels ?? {}) as never);
		await (patch.data === undefined || patch.data === null
			? relabel(parts, kind, newest, labels)
			: rotate(parts, kind, {name, versions, labels, data: encode(kind, patch.data)}));
	}

	await parts.look([part, 'services', 'tasks']);
	const written = source.store.read<'config' | 'secret'>(kind).find(one => one.name === name);
	if (written === undefined)
		throw new ClusterError('conflict', `the ${kind} ${stripControl(name)} was removed meanwhile`);
	return written as Config | Secret;
}

function labelsOf(labels: unknown): Record<string, string> {
	return isObject(labels)
		? (Object.fromEntries(Object.entries(labels).filter(([, value]) => typeof value === 'string')) as Record<
				string,
				string
			>)
		: {};
}

/** One file each, as base64. Throws `usage`. */
function encode(kind: FileKind, data: unknown): string {
	const entries = isObject(data) ? Object.entries(data) : [];
	const [entry, ...others] = entries;
	if (entry === undefined || others.length > 0 || entry[0] !== onlyFile) {
		throw new ClusterError('usage', `data: a ${kind} of a swarm is one file, called ${JSON.stringify(onlyFile)}`);
	}

	const [, value] = entry;
	const bytes =
		typeof value === 'string'
			? Buffer.from(value)
			: isObject(value) && typeof value.base64 === 'string'
				? Buffer.from(value.base64, 'base64')
				: undefined;
	if (bytes === undefined) throw new ClusterError('usage', 'data: must be a text, or {"base64": TEXT}');
	if (bytes.length > maxBytes[kind] || (kind === 'secret' && bytes.length === 0)) {
		throw new ClusterError('usage', `data: a ${kind} has up to ${maxBytes[kind]} bytes, found ${bytes.length}`);
	}

	return bytes.toString('base64');
}

type NewFile = {readonly Name: string; readonly Labels: Record<string, string>; readonly Data: string};

async function create({docker}: FileWriterParts, kind: FileKind, file: NewFile): Promise<string> {
	const client = await docker();
	const made = await client.call<{id: string}>(async dockerode =>
		kind === 'config' ? (dockerode.createConfig(file) as never) : (dockerode.createSecret(file) as never),
	);
	return made.id;
}

async function relabel(
	{docker}: FileWriterParts,
	kind: FileKind,
	raw: RawFile,
	labels: Record<string, string>,
): Promise<void> {
	if (isDeepStrictEqual(ownFileLabels(raw), labels)) return;
	const of = raw.Spec.Labels?.[versionOfLabel];
	const body = {...raw.Spec, Labels: {...labels, ...(of !== undefined && {[versionOfLabel]: of})}};
	const request = {_query: {version: raw.Version.Index}, _body: body};
	const client = await docker();
	await client.call(async dockerode =>
		kind === 'config'
			? dockerode.getConfig(raw.ID).update(request as never)
			: dockerode.getSecret(raw.ID).update(request as never),
	);
}

type Rotation = {
	readonly name: string;
	/** The newest first. */
	readonly versions: readonly RawFile[];
	readonly labels: Record<string, string>;
	readonly data: string;
};

/**
 * Makes the next version, moves each service that has an older one to it, and removes what is older than the version before:
 * that one stays for a rollback. One that was broken off is taken up again by the next: its version is there, and the services
 * that were not moved yet are moved.
 */
async function rotate(parts: FileWriterParts, kind: FileKind, {name, versions, labels, data}: Rotation): Promise<void> {
	const [newest] = versions;
	const isThere = kind === 'config' && newest?.Spec.Data === data;
	const version = newest === undefined ? 1 : versionNumber(newest) + 1;
	const fullName = isThere && newest !== undefined ? newest.Spec.Name : versionedName(name, version);
	const id =
		isThere && newest !== undefined
			? newest.ID
			: await create(parts, kind, {Name: fullName, Labels: {...labels, [versionOfLabel]: name}, Data: data});
	const older = new Set(versions.map(({ID}) => ID).filter(other => other !== id));
	for (const {ID} of parts.source.raw.services) await moveService(parts, kind, ID, older, {id, name: fullName});
	const kept = new Set([id, versions.find(({ID}) => ID !== id)?.ID]);
	for (const raw of versions.filter(({ID}) => !kept.has(ID))) await removeVersion(parts, kind, raw).catch(() => {});
}

type Version = {readonly id: string; readonly name: string};

/** Read anew each time: moving one may have taken long. */
async function moveService(
	{source, calls}: FileWriterParts,
	kind: FileKind,
	serviceId: string,
	older: ReadonlySet<string>,
	to: Version,
): Promise<void> {
	const member = memberOf[kind];
	for (let attempt = 1; ; attempt++) {
		const raw: RawService | undefined = source.raw.services.find(({ID}) => ID === serviceId);
		const files = raw?.Spec.TaskTemplate.ContainerSpec?.[member] ?? [];
		if (raw === undefined || !files.some(file => older.has(idOf(file)))) return;
		const spec = structuredClone(raw.Spec);
		const container = spec.TaskTemplate.ContainerSpec ?? {};
		container[member] = files.map(file => (older.has(idOf(file)) ? moved(kind, file, to) : file));
		try {
			await calls().updateService(raw.ID, raw.Version.Index, spec);
			return;
		} catch (error) {
			if (attempt === 5 || !(error instanceof ClusterError) || error.code !== 'conflict') throw error;
			await source.read(['services']);
		}
	}
}

function idOf({ConfigID, SecretID}: RawFileReference): string {
	return ConfigID ?? SecretID ?? '';
}

function moved(kind: FileKind, file: RawFileReference, {id, name}: Version): RawFileReference {
	return kind === 'config' ? {...file, ConfigID: id, ConfigName: name} : {...file, SecretID: id, SecretName: name};
}

async function removeVersion({docker}: FileWriterParts, kind: FileKind, {ID}: RawFile): Promise<void> {
	const client = await docker();
	await client.call(async dockerode =>
		kind === 'config' ? dockerode.getConfig(ID).remove() : dockerode.getSecret(ID).remove(),
	);
}

/** All versions go; one that a service has is refused by the engine, and then none is gone. */
export async function removeFile(
	parts: FileWriterParts,
	ref: Ref<'config'> | Ref<'secret'>,
	options: WriteOptions,
): Promise<void> {
	const {kind} = ref;
	await parts.source.read([partOf[kind], 'services'], {signal: options.signal});
	const versions = findVersions(parts.source, ref);
	const [newest] = versions;
	if (newest === undefined) throw absent(ref);
	refuseStale(newest, options, ref);
	for (const raw of versions) await removeVersion(parts, kind, raw);
	await parts.look([partOf[kind], 'services']);
}

function findVersions({raw}: Source, {kind, id, name}: Ref<'config'> | Ref<'secret'>): readonly RawFile[] {
	const files = raw[partOf[kind]];
	const groups = versionsByName(files);
	return id === undefined
		? (groups.get(name) ?? [])
		: ([...groups.values()].find(versions => versions.some(({ID}) => ID === id)) ?? []);
}

function refuseStale(newest: RawFile, {ifRevision}: WriteOptions, {kind, name}: Ref): void {
	if (ifRevision !== undefined && ifRevision.split('.')[0] !== String(newest.Version.Index)) {
		throw new ClusterError('conflict', `the ${kind} ${stripControl(name)} was changed by somebody else meanwhile`, {
			hint: 'Look at it again, and repeat the change.',
		});
	}
}

function absent({kind, name}: Ref): ClusterError {
	return new ClusterError('not-found', `There is no ${kind} ${JSON.stringify(stripControl(name))}.`);
}
