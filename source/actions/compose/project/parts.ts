import type {Patch} from '../../../core/backend.ts';
import {isObject} from '../../../core/difference/merge-patch.ts';
import type {NetworkSpec, VolumeSpec} from '../../../core/model/index.ts';
import type {Variables} from '../files/source-files.ts';
import type {ProjectContext} from './context.ts';
import {given, Section} from './section.ts';

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
/** `external: true`, or with its name in it as files of old have it. */
function partOf(part: Section, key: string, own: (key: string) => string): Part {
	const external = part.raw('external');
	const isExternal = external === true || isObject(external);
	const name =
		part.text('name') ?? (isObject(external) && typeof external.name === 'string' ? external.name : undefined);
	return {key, name: name ?? (isExternal ? key : own(key)), isExternal};
}

export type PartContext = Pick<ProjectContext, 'hasNetworks' | 'makesVolumes' | 'read' | 'resolve'> & {
	readonly env: Variables;
	/** What a part is called in the cluster. */
	own(key: string): string;
	/** Those that nobody needs, such as `configs.app`. */
	readonly unneeded: ReadonlySet<string>;
};

export function networksIn(file: Section, {hasNetworks, own}: PartContext): readonly NetworkPart[] {
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

export function volumesIn(file: Section, context: PartContext): readonly VolumePart[] {
	const {makesVolumes, own} = context;
	return neededOf(file, 'volumes', context).map(([key, one]) => {
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

export function filesIn(file: Section, kind: 'configs' | 'secrets', context: PartContext): readonly FilePart[] {
	return neededOf(file, kind, context).map(([key, one]) => {
		const part = partOf(one, key, context.own);
		const labels = texts(one.pairs('labels') ?? []);
		const content = contentOf(one, context);
		one.end({}, {template_driver: 'templates are not filled in', driver: 'there is only one place for it'});
		if (content === undefined && !part.isExternal) {
			file.findings.refuse(one.path, 'needs one of file, environment, content, or external: true');
		}

		return {...part, labels, content};
	});
}

function contentOf(one: Section, {env, read, resolve}: PartContext): FilePart['content'] {
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

function neededOf(file: Section, kind: string, {unneeded}: PartContext) {
	return file.sections(kind).filter(([key]) => !unneeded.has(`${kind}.${key}`));
}
