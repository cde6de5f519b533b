import {Buffer, isUtf8} from 'node:buffer';
import {onlyFile} from '../../../core/model/config.ts';
import type {Config, FileData, Network, Secret, Volume} from '../../../core/model/index.ts';
import type {NodeVolume, RawFile, RawNetwork, RawService} from '../api-types.ts';
import {leaseName} from '../tend/tend-lease-name.ts';
import type {Unversioned} from '../translate.ts';
import {ownFileLabels, versionNumber, versionsByName} from './file-versions.ts';
import {toInstant} from './translate-service.ts';

type Users = (uses: (service: RawService) => boolean) => string[];

export function usersIn(services: readonly RawService[]): Users {
	return uses =>
		services
			.filter(uses)
			.map(({Spec}) => Spec.Name)
			.sort();
}

export function toNetwork(raw: RawNetwork, users: Users): Unversioned<Network> {
	const {Id: id, Name: name, Driver, Scope, Attachable, Internal, IPAM, Options, Labels} = raw;
	const at = toInstant(raw.Created);
	const subnets = (IPAM?.Config ?? []).flatMap(({Subnet, Gateway, IPRange}) =>
		Subnet === undefined
			? []
			: [{subnet: Subnet, ...(Gateway && {gateway: Gateway}), ...(IPRange && {range: IPRange})}],
	);
	return {
		kind: 'network',
		id,
		name,
		createdAt: at,
		updatedAt: at,
		spec: {
			...(Driver && {driver: Driver}),
			labels: {...Labels},
			...(Attachable && {attachable: true}),
			...(Internal && {internal: true}),
			...(subnets.length > 0 && {subnets}),
			...(Options && Object.keys(Options).length > 0 && {options: {...Options}}),
		},
		reach: Scope === 'swarm' ? 'cluster' : 'node',
		usedBy: users(({Spec}) => (Spec.TaskTemplate.Networks ?? []).some(({Target}) => Target === id || Target === name)),
	};
}

export function toVolume({raw, nodeName}: NodeVolume, users: Users): Unversioned<Volume> {
	const {Name: name, Driver, Mountpoint, Labels, Options} = raw;
	const at = toInstant(raw.CreatedAt);
	return {
		kind: 'volume',
		id: `${nodeName}/${name}`,
		name,
		createdAt: at,
		updatedAt: at,
		spec: {
			...(Driver && {driver: Driver}),
			labels: {...Labels},
			...(Options && Object.keys(Options).length > 0 && {options: {...Options}}),
		},
		nodeName,
		...(Mountpoint && {path: Mountpoint}),
		usedBy: users(({Spec}) =>
			(Spec.TaskTemplate.ContainerSpec?.Mounts ?? []).some(({Type, Source}) => Type === 'volume' && Source === name),
		),
	};
}

type FileKind = 'Configs' | 'Secrets';

/** The newest of each, as one that has versions. */
function newest(
	files: readonly RawFile[],
): ReadonlyArray<{readonly name: string; readonly raw: RawFile; readonly first: RawFile}> {
	return [...versionsByName(files)].flatMap(([name, versions]) => {
		const [raw] = versions;
		const first = versions.at(-1);
		return raw === undefined || first === undefined ? [] : [{name, raw, first}];
	});
}

function usersOf(files: readonly RawFile[], name: string, kind: FileKind, users: Users): string[] {
	const ids = new Set(
		versionsByName(files)
			.get(name)
			?.map(({ID}) => ID),
	);
	return users(({Spec}) =>
		(Spec.TaskTemplate.ContainerSpec?.[kind] ?? []).some(({ConfigID, SecretID}) => ids.has(ConfigID ?? SecretID ?? '')),
	);
}

export function toConfigs(files: readonly RawFile[], users: Users): ReadonlyArray<Unversioned<Config>> {
	return newest(files.filter(({Spec}) => Spec.Name !== leaseName)).map(({name, raw, first}) => ({
		kind: 'config',
		id: raw.ID,
		name,
		createdAt: toInstant(first.CreatedAt),
		updatedAt: toInstant(raw.UpdatedAt),
		spec: {labels: ownFileLabels(raw), data: dataOf(raw.Spec.Data ?? '')},
		version: versionNumber(raw),
		usedBy: usersOf(files, name, 'Configs', users),
	}));
}

export function toSecrets(files: readonly RawFile[], users: Users): ReadonlyArray<Unversioned<Secret>> {
	return newest(files).map(({name, raw, first}) => ({
		kind: 'secret',
		id: raw.ID,
		name,
		createdAt: toInstant(first.CreatedAt),
		updatedAt: toInstant(raw.UpdatedAt),
		spec: {labels: ownFileLabels(raw)},
		files: [onlyFile],
		version: versionNumber(raw),
		usedBy: usersOf(files, name, 'Secrets', users),
	}));
}

function dataOf(base64: string): FileData {
	const bytes = Buffer.from(base64, 'base64');
	return {[onlyFile]: isUtf8(bytes) ? bytes.toString('utf8') : {base64: bytes.toString('base64')}};
}
