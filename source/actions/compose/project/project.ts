import type {Patch} from '../../../core/backend.ts';
import {isObject} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import type {NetworkSpec, ServiceSpec, VolumeSpec} from '../../../core/model/index.ts';
import {name as checkedName} from '../../../core/spec/name.ts';
import {interpolate} from '../files/interpolate.ts';
import type {FileWays} from './attach.ts';
import {Findings, given, Section} from './section.ts';
import {envFiles, servicePatchOf} from './service.ts';

/** What one part of a file is in the cluster. */
export type Part = {
	readonly key: string;
	readonly name: string;
	/** Somebody else's: it has to be there. */
	readonly isExternal: boolean;
};

export type NetworkPart = Part & {readonly spec: Patch<NetworkSpec>};
export type VolumePart = Part & {readonly spec: Patch<VolumeSpec>};
/** `content`: what the file or variable held that it names. */
export type FilePart = Part & {
	readonly labels: Record<string, string>;
	readonly content: string | {base64: string} | undefined;
};
export type ServicePart = {readonly key: string; readonly name: string; readonly patch: Patch<ServiceSpec>};

/** A Compose file as a cluster is asked for it. */
export type Project = {
	readonly name: string;
	readonly services: readonly ServicePart[];
	readonly networks: readonly NetworkPart[];
	readonly volumes: readonly VolumePart[];
	readonly configs: readonly FilePart[];
	readonly secrets: readonly FilePart[];
	/** What was left out of it, each with its reason. */
	readonly notes: readonly string[];
};

export type ProjectContext = {
	/** Its stack's name; absent: the file's own, or the folder's. */
	readonly name?: string | undefined;
	readonly folderName: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** What stands between a stack's name and its part's. */
	readonly separator: '_' | '-';
	/** A key of the file, as far as the engine's names can have it. */
	wordOf(key: string): string;
	/** Whether the engine has networks that services are put on. */
	readonly hasNetworks: boolean;
	/** Whether volumes are made before they are mounted; else each node makes its own, as it has it. */
	readonly makesVolumes: boolean;
	readonly files: FileWays;
	imageOf(image: string): string;
	resolve(path: string): string;
	/** Of the files that `filesNamed` told; undefined: there is none. */
	read(path: string): string | {readonly base64: string} | undefined;
};

/** Whether a document is a Compose file: it has services, and is no manifest. */
export function isCompose(document: unknown): boolean {
	return isObject(document) && isObject(document.services) && document.kind === undefined;
}

/** What has to be read besides, as the file writes it. */
export function filesNamed(document: unknown, env: ProjectContext['env']): readonly string[] {
	const file = new Section(new Findings(), '', interpolate(document, env, new Findings()));
	const services = file.sections('services').flatMap(([, service]) => envFiles(service).map(({path}) => path));
	const stored = ['configs', 'secrets'].flatMap(kind =>
		file.sections(kind).flatMap(([, one]) => one.text('file') ?? []),
	);
	return [...new Set([...services, ...stored])];
}

/** Throws `usage` with all that is wrong, each by its path. */
export function readProject(document: unknown, context: ProjectContext): Project {
	const findings = new Findings();
	const file = new Section(findings, '', interpolate(document, context.env, findings));
	const name = nameOf(file, context);
	const own = (key: string) => `${name}${context.separator}${context.wordOf(key)}`;
	const networks = networksIn(file, own, context);
	const volumes = volumesIn(file, own, context);
	const configs = filesIn(file, 'configs', own, context);
	const secrets = filesIn(file, 'secrets', own, context);
	const parts = {network: networks, volume: volumes, config: configs, secret: secrets};
	const partNamed = (kind: keyof typeof parts, key: string) =>
		(parts[kind] as readonly Part[]).find(part => part.key === key);
	const naming = {
		...context,
		nameOf: (kind: keyof typeof parts, key: string) => partNamed(kind, key)?.name,
		isMade: (kind: keyof typeof parts, key: string) => partNamed(kind, key)?.isExternal === false,
		read: (path: string) => {
			const content = context.read(path);
			return typeof content === 'string' ? content : undefined;
		},
	};
	const services = file.sections('services').flatMap(([key, service]): ServicePart[] => {
		const profiles = service.texts('profiles') ?? [];
		if (profiles.length > 0) {
			findings.note(service.path, `is of the profiles ${profiles.join(', ')}, which are not asked for`);
			return [];
		}

		return [{key, name: own(key), patch: servicePatchOf(service, key, naming)}];
	});
	if (services.length === 0) findings.refuse('services', 'has none to run');
	file.raw('version');
	file.end({}, {include: 'is not read: write it into this file', models: 'are not run here'});
	if (findings.problems.length === 0) checkNames({service: services, ...parts}, findings);
	refuse(findings);
	const used = networks.filter(part => part.isExternal || isUsed(part.name, services));
	return {name, services, networks: used, volumes, configs, secrets, notes: findings.notes};
}

function refuse({problems}: Findings): void {
	if (problems.length === 0) return;
	const most = 8;
	const lines = problems.slice(0, most).map(({path, message}) => `${path} ${message}`);
	const more = problems.length > most ? [`and ${problems.length - most} more`] : [];
	throw new ClusterError('usage', [...lines, ...more].join('\n'));
}

function nameOf(file: Section, {name, folderName}: ProjectContext): string {
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

/** `external: true`, or with its name in it as files of old have it. */
function partOf(part: Section, key: string, own: (key: string) => string): Part {
	const external = part.raw('external');
	const isExternal = external === true || isObject(external);
	const name =
		part.text('name') ?? (isObject(external) && typeof external.name === 'string' ? external.name : undefined);
	return {key, name: name ?? (isExternal ? key : own(key)), isExternal};
}

function networksIn(
	file: Section,
	own: (key: string) => string,
	{hasNetworks}: ProjectContext,
): readonly NetworkPart[] {
	const sections = file.sections('networks');
	if (!hasNetworks) {
		for (const [, one] of sections) file.findings.note(one.path, 'the engine has no networks: all reach each other');
		return [];
	}

	const found = sections.map(([key, one]): NetworkPart => {
		const part = partOf(one, key, own);
		const ipam = one.section('ipam');
		const subnets = ipam?.list('config')?.map((config, index) => {
			const range = new Section(file.findings, ipam.at(`config[${index}]`), config);
			const subnet = range.text('subnet');
			const more = given({gateway: range.text('gateway'), range: range.text('ip_range')});
			range.end({aux_addresses: 'are not kept free'});
			return {subnet: subnet ?? '', ...more};
		});
		ipam?.end({driver: 'is as the engine has it', options: 'are not passed on'});
		const options = one.pairs('driver_opts');
		const spec = given({
			driver: one.text('driver'),
			internal: one.flag('internal'),
			attachable: one.flag('attachable'),
			options: options && texts(options),
			subnets,
		});
		const labels = texts(one.pairs('labels') ?? []);
		one.end({enable_ipv6: 'is as the engine has it', enable_ipv4: 'is as the engine has it'});
		return {...part, spec: {...spec, labels}};
	});
	const hasDefault = found.some(({key}) => key === 'default');
	return hasDefault ? found : [...found, {key: 'default', name: own('default'), isExternal: false, spec: {labels: {}}}];
}

function volumesIn(file: Section, own: (key: string) => string, {makesVolumes}: ProjectContext): readonly VolumePart[] {
	return file.sections('volumes').map(([key, one]) => {
		const part = partOf(one, key, own);
		const options = one.pairs('driver_opts');
		const spec = given({driver: one.text('driver'), options: options && texts(options)});
		if (!makesVolumes && !part.isExternal && spec !== undefined) {
			file.findings.refuse(
				one.path,
				'is made where it is first mounted: create it with its driver, and name it as external',
			);
		}

		const labels = texts(one.pairs('labels') ?? []);
		one.end();
		return {...part, spec: {...spec, labels}};
	});
}

function filesIn(
	file: Section,
	kind: 'configs' | 'secrets',
	own: (key: string) => string,
	context: ProjectContext,
): readonly FilePart[] {
	return file.sections(kind).map(([key, one]) => {
		const part = partOf(one, key, own);
		const labels = texts(one.pairs('labels') ?? []);
		const content = contentOf(one, context);
		one.end({}, {template_driver: 'templates are not filled in', driver: 'there is only one place for it'});
		if (content === undefined && !part.isExternal) {
			file.findings.refuse(one.path, 'needs one of file, environment, content, or external: true');
		}

		return {...part, labels, content};
	});
}

function contentOf(one: Section, {env, read, resolve}: ProjectContext): FilePart['content'] {
	const [path, variable, content] = [one.text('file'), one.text('environment'), one.text('content')];
	if (content !== undefined) return content;
	if (variable !== undefined) {
		const value = env[variable];
		if (value === undefined) one.findings.refuse(one.at('environment'), `the variable ${variable} is not set`);
		return value ?? '';
	}

	if (path === undefined) return undefined;
	const found = read(resolve(path));
	if (found === undefined) one.findings.refuse(one.at('file'), `there is no file ${path}`);
	return found ?? '';
}

function texts(pairs: ReadonlyArray<readonly [string, string | undefined]>): Record<string, string> {
	return Object.fromEntries(pairs.map(([key, value = '']) => [key, value]));
}
