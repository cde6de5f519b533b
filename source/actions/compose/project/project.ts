import type {Patch} from '../../../core/backend.ts';
import {isObject} from '../../../core/difference/merge-patch.ts';
import type {ServiceSpec} from '../../../core/model/index.ts';
import {name as checkedName} from '../../../core/spec/name.ts';
import type {Loaded} from '../files/load.ts';
import {placeOf} from '../files/node.ts';
import {wrongIn} from '../files/source-files.ts';
import type {ProjectContext} from './context.ts';
import {withoutLeft} from './left-out.ts';
import {type FilePart, filesIn, type NetworkPart, networksIn, type Part, type VolumePart, volumesIn} from './parts.ts';
import {profiled, unneededParts} from './profiles.ts';
import {Findings, Section} from './section.ts';
import {envFiles, servicePatchOf} from './service.ts';

export type ServicePart = {readonly key: string; readonly name: string; readonly patch: Patch<ServiceSpec>};

/** A Compose file as a cluster is asked for it. */
export type Project = {
	readonly name: string;
	readonly services: readonly ServicePart[];
	readonly networks: readonly NetworkPart[];
	readonly volumes: readonly VolumePart[];
	readonly configs: readonly FilePart[];
	readonly secrets: readonly FilePart[];
	/** The names of services whose profiles nobody asked for. */
	readonly idle: readonly string[];
	/** Of all its services. */
	readonly profiles: readonly string[];
	/** What was left out of it, each with its reason. */
	readonly notes: readonly string[];
};

/** Whether a document is a Compose file: it has services, or includes them, and is no manifest. */
export function isCompose(document: unknown): boolean {
	if (!isObject(document) || document.kind !== undefined) return false;
	return isObject(document.services) || (Array.isArray(document.include) && document.services === undefined);
}

/** What has to be read besides, as the file writes it. */
export function filesNamed({document}: Pick<Loaded, 'document'>): readonly string[] {
	const file = new Section(new Findings(), '', document);
	const services = file.sections('services').flatMap(([, service]) => envFiles(service).map(({path}) => path));
	const stored = ['configs', 'secrets'].flatMap(kind =>
		file.sections(kind).flatMap(([, one]) => one.text('file') ?? []),
	);
	return [...new Set([...services, ...stored])];
}

/** Throws `usage` with all that is wrong, each by its path and, where there are several, its file. */
export function readProject(loaded: Loaded, context: ProjectContext): Project {
	const {env} = loaded;
	const findings = new Findings();
	const document = withoutLeft(loaded.document, context.leftOut, findings);
	const file = new Section(findings, '', document);
	const name = nameOf(file, context);
	const own = (key: string) => `${name}${context.separator}${context.wordOf(key)}`;
	const {active, idle, profiles} = profiled(file.sections('services'), context.profiles);
	const reading = {...context, env, own, unneeded: unneededParts(document, idle)};
	const networks = networksIn(file, reading);
	const volumes = volumesIn(file, reading);
	const configs = filesIn(file, 'configs', reading);
	const secrets = filesIn(file, 'secrets', reading);
	const parts = {network: networks, volume: volumes, config: configs, secret: secrets};
	const partNamed = (kind: keyof typeof parts, key: string) =>
		(parts[kind] as readonly Part[]).find(part => part.key === key);
	const naming = {
		...{...context, env},
		nameOf: (kind: keyof typeof parts, key: string) => partNamed(kind, key)?.name,
		isMade: (kind: keyof typeof parts, key: string) => partNamed(kind, key)?.isExternal === false,
		read: (path: string) => {
			const content = context.read(path);
			return typeof content === 'string' ? content : undefined;
		},
	};
	const services = active.map(
		([key, service]): ServicePart => ({key, name: own(key), patch: servicePatchOf(service, key, naming)}),
	);
	if (services.length === 0) findings.refuse('services', noneText(profiles));
	file.raw('version');
	file.end({}, {models: 'are not run here'});
	if (findings.problems.length === 0) checkNames({service: services, ...parts}, findings);
	refuse(findings, loaded);
	const used = networks.filter(part => part.isExternal || isUsed(part.name, services));
	return {
		...{name, services, networks: used, volumes, configs, secrets, profiles},
		...{idle: idle.map(own), notes: [...loaded.notes, ...findings.notes]},
	};
}

function noneText(profiles: readonly string[]): string {
	const of = profiles.length === 0 ? '' : `: all are of profiles that are not asked for (${profiles.join(', ')})`;
	return `has none to run${of}`;
}

function refuse({problems}: Findings, {places, fileCount}: Loaded): void {
	if (problems.length === 0) return;
	throw wrongIn(problems, path => (fileCount > 1 ? placeOf(places, path) : undefined));
}

/** Throws `usage` where it is no name. */
export function projectName(loaded: Loaded, context: Pick<ProjectContext, 'name' | 'folderName'>): string {
	const findings = new Findings();
	const name = nameOf(new Section(findings, '', loaded.document), context);
	refuse(findings, loaded);
	return name;
}

function nameOf(file: Section, {name, folderName}: Pick<ProjectContext, 'name' | 'folderName'>): string {
	const own = file.text('name');
	const found =
		name ??
		own ??
		folderName
			.toLowerCase()
			.replace(/[^a-z0-9]+/g, '-')
			.replace(/^-+|-+$/g, '');
	file.findings.problems.push(...checkedName(found, name === undefined ? 'name' : 'STACK'));
	return found;
}

type Parts = Readonly<Record<string, ReadonlyArray<Pick<Part, 'key' | 'name'> & {readonly isExternal?: boolean}>>>;

/** Of what is made: a stack's name and its part's together. */
function checkNames(parts: Parts, {problems}: Findings): void {
	for (const [kind, all] of Object.entries(parts)) {
		const own = new Map<string, string>();
		for (const {key, name, isExternal} of all) {
			if (isExternal) continue;
			const path = `${kind}s.${key}`;
			// Swarm takes docker's underscore, too.
			problems.push(...checkedName(name.replaceAll('_', '-'), path));
			const other = own.get(name);
			if (other !== undefined) problems.push({path, message: `would be called ${name} here, as ${other} is`});
			own.set(name, path);
		}
	}
}

/** A network that no service is on is not made: as Compose has it with its own. */
function isUsed(name: string, services: readonly ServicePart[]): boolean {
	return services.some(({patch}) =>
		(patch as {template?: {networks?: ReadonlyArray<{network: string}>}}).template?.networks?.some(
			({network}) => network === name,
		),
	);
}
