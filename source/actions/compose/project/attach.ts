import {isObject} from '../../../core/difference/merge-patch.ts';
import type {FileAttachment, Mount, NetworkAttachment, PublishedPort} from '../../../core/model/index.ts';
import {parseBytes} from '../../../core/text/units.ts';
import {parsePort} from '../../service/ports.ts';
import {Section} from './section.ts';

/** How the parts of a file are called in the cluster, and where its folders are. */
export type Naming = {
	/** The names of networks, volumes, configs and secrets by their keys; undefined: the file has none of that key. */
	nameOf(kind: 'network' | 'volume' | 'config' | 'secret', key: string): string | undefined;
	/** Whether it is this file's own, and not somebody else's that has to be there. */
	isMade(kind: 'config' | 'secret', key: string): boolean;
	/** An absolute path, as seen from the file. */
	resolve(path: string): string;
	readonly files: FileWays;
	/** Whether others find a service only by the ports that it publishes, within the cluster: those that it exposes are such. */
	readonly exposesPorts: boolean;
};

/** How a config or secret that is one file is given to a service, from engine to engine. */
export type FileWays = {
	/** Where it lies: `target` as the file says it; undefined: it does not. */
	targetOf(kind: 'config' | 'secret', key: string, target: string | undefined): string;
	/** What it is called in a config or secret that may hold several; undefined: there it is the only one. */
	readonly nameInside: string | undefined;
	/** Why nobody can own it but whom the engine has for it; undefined: anybody can. */
	readonly noOwners: string | undefined;
};

export function portsOf(
	service: Section,
	{exposesPorts}: Pick<Naming, 'exposesPorts'>,
): readonly PublishedPort[] | undefined {
	const published = publishedOf(service);
	const exposed = exposesPorts ? exposedOf(service) : undefined;
	const isNew = ({published: port}: PublishedPort) => !published?.some(one => one.published === port);
	return exposed === undefined ? published : [...(published ?? []), ...exposed.filter(isNew)];
}

/** Where a published port is one within the cluster: the same number there. */
function exposedOf(service: Section): readonly PublishedPort[] | undefined {
	return service.texts('expose')?.flatMap((port, index) => {
		const [, range = '', protocol = ''] = /^([\d-]+)(\/\w+)?$/.exec(port) ?? [];
		const path = `expose[${index}]`;
		if (rangeOf(range).length === 0) service.findings.wrong(service.at(path), 'a port such as 6379', port);
		return service.reading(path, () => rangeOf(range).map(one => parsePort(`${one}:${one}${protocol}`))) ?? [];
	});
}

function publishedOf(service: Section): readonly PublishedPort[] | undefined {
	return service.list('ports')?.flatMap((port, index) => {
		const path = `ports[${index}]`;
		if (isObject(port)) return longPort(new Section(service.findings, service.at(path), port));
		const text = service.asText(path, port) ?? '';
		return service.reading(path, () => spread(text).map(one => parsePort(one))) ?? [];
	});
}

function longPort(port: Section): readonly PublishedPort[] {
	const target = port.whole('target', 1);
	const published = port.text('published') ?? '';
	const protocol = port.oneOf('protocol', {tcp: 'tcp', udp: 'udp', sctp: 'sctp'} as const) ?? 'tcp';
	const mode = port.oneOf('mode', {ingress: 'ingress', host: 'host'} as const);
	const host = port.text('host_ip');
	const isHttp = /^https?$/.test(port.text('app_protocol') ?? '');
	port.end({name: 'ports have no names'});
	if (target === undefined) {
		port.findings.refuse(port.at('target'), 'is missing');
		return [];
	}

	const short = port.reading('published', () => spread(`${published}:${target}`).map(one => parsePort(one))) ?? [];
	return short.map(one => ({
		...{...one, protocol},
		...(host !== undefined && {host}),
		...(mode === 'host' && {mode}),
		...(isHttp && {http: {}}),
	}));
}

/** `3000-3002:80-82` is three ports. */
function spread(port: string): readonly string[] {
	const [, host = '', published = '', target = '', protocol = ''] =
		/^((?:\[[^\]]*\]|[\d.]+(?=:.*:)):)?(?:([\d-]*):)?([\d-]+)(\/\w+)?$/.exec(port) ?? [];
	const targets = rangeOf(target);
	const all = published === '' ? targets.map(() => '') : rangeOf(published);
	if (targets.length === 0 || all.length !== targets.length) return [port];
	return targets.map((one, index) => `${host}${all[index] === '' ? '' : `${all[index]}:`}${one}${protocol}`);
}

function rangeOf(text: string): readonly string[] {
	const [, from = '', to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
	const count = Number(to) - Number(from) + 1;
	return from === '' || count < 1 ? [] : Array.from({length: count}, (_, index) => String(Number(from) + index));
}

/** `key`: its name in the file, by which the others find it. */
export function networksOf(service: Section, key: string, {nameOf}: Naming): readonly NetworkAttachment[] | undefined {
	const value = service.raw('networks');
	const listed = Array.isArray(value)
		? (service.texts('networks') ?? []).map(name => [name, undefined] as const)
		: service.sections('networks');
	const joined = listed.length === 0 ? [['default', undefined] as const] : listed;
	const found = joined.flatMap(([name, more]) => {
		const network = nameOf('network', name);
		const aliases = more?.texts('aliases') ?? [];
		more?.end({}, {...fixedAddress, link_local_ips: 'addresses are given by the engine'});
		if (network === undefined && name !== 'default') {
			service.findings.refuse(service.at(`networks.${name}`), `is not among the file's networks`);
		}

		return network === undefined ? [] : [{network, aliases: [...new Set([...aliases, key])]}];
	});
	return found.length === 0 ? undefined : found;
}

const fixedAddress = {
	ipv4_address: 'addresses are given by the engine',
	ipv6_address: 'addresses are given by the engine',
	mac_address: 'addresses are given by the engine',
	priority: 'networks have no order',
	gw_priority: 'networks have no order',
};

export function mountsOf(service: Section, naming: Naming): readonly Mount[] | undefined {
	const mounts = service.list('volumes')?.flatMap((mount, index): readonly Mount[] => {
		const path = `volumes[${index}]`;
		if (isObject(mount)) return longMount(new Section(service.findings, service.at(path), mount), naming);
		const text = service.asText(path, mount);
		return text === undefined ? [] : [shortMount(text, service, path, naming)];
	});
	const inMemory = service.texts('tmpfs')?.map((line): Mount => {
		const [target = '', options = ''] = line.split(':');
		const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
		const sizeBytes = size === undefined ? undefined : service.reading('tmpfs', () => parseBytes(size));
		return {type: 'tmpfs', target, ...(sizeBytes !== undefined && {sizeBytes})};
	});
	return mounts === undefined && inMemory === undefined ? undefined : [...(mounts ?? []), ...(inMemory ?? [])];
}

function shortMount(text: string, service: Section, path: string, naming: Naming): Mount {
	const parts = text.split(':');
	const [source, target, mode] = parts.length === 1 ? [undefined, parts[0] ?? ''] : parts;
	const readOnly = mode?.split(',').includes('ro') && {readOnly: true};
	if (source !== undefined && /^[./~]/.test(source)) {
		return {type: 'bind', source: naming.resolve(source), target: target ?? '', ...readOnly};
	}

	return {type: 'volume', ...volumeNamed(source, service, path, naming), target: target ?? '', ...readOnly};
}

function volumeNamed(key: string | undefined, service: Section, path: string, {nameOf}: Naming): {source?: string} {
	if (key === undefined) return {};
	const source = nameOf('volume', key);
	if (source === undefined) service.findings.refuse(service.at(path), `${key} is not among the file's volumes`);
	return {source: source ?? key};
}

function longMount(mount: Section, naming: Naming): readonly Mount[] {
	const type = mount.oneOf('type', {volume: 'volume', bind: 'bind', tmpfs: 'tmpfs'} as const) ?? 'volume';
	const source = mount.text('source');
	const target = mount.text('target');
	const readOnly = mount.flag('read_only');
	const tmpfs = mount.section('tmpfs');
	const sizeBytes = tmpfs?.parsed('size', parseBytes);
	tmpfs?.end({}, {mode: 'is as the engine has it'});
	mount.section('bind')?.end({create_host_path: 'folders are not made', selinux: 'labels are not set'}, bindLacks);
	mount.section('volume')?.end({nocopy: 'what the image has there is kept'}, {subpath: 'a volume is mounted whole'});
	mount.end({consistency: 'is for Docker Desktop only'});
	if (target === undefined) {
		mount.findings.refuse(mount.at('target'), 'is missing');
		return [];
	}

	const from =
		type === 'volume'
			? volumeNamed(source, mount, 'source', naming)
			: type === 'bind' && source !== undefined
				? {source: naming.resolve(source)}
				: {};
	return [{type, ...from, target, ...(readOnly && {readOnly}), ...(sizeBytes !== undefined && {sizeBytes})}];
}

const bindLacks = {propagation: 'mounts are private', recursive: 'what is mounted below comes along'};

export function filesOf(
	service: Section,
	kind: 'config' | 'secret',
	{nameOf, isMade, files: ways}: Naming,
): readonly FileAttachment[] | undefined {
	const plural = `${kind}s`;
	return service.list(plural)?.flatMap((file, index) => {
		const path = `${plural}[${index}]`;
		const one = new Section(service.findings, service.at(path), isObject(file) ? file : {source: file});
		const key = one.text('source') ?? '';
		const source = nameOf(kind, key);
		const target = ways.targetOf(kind, key, one.text('target'));
		const mode = modeOf(one);
		const owners = {...textOf(one, 'uid'), ...textOf(one, 'gid')};
		if (ways.noOwners !== undefined) {
			for (const name of Object.keys(owners)) one.findings.refuse(one.at(name), ways.noOwners);
		}

		one.end();
		if (source === undefined) {
			service.findings.refuse(service.at(path), `${JSON.stringify(key)} is not among the file's ${plural}`);
			return [];
		}

		const inside = isMade(kind, key) ? ways.nameInside : undefined;
		return [{source, ...(inside !== undefined && {key: inside}), target, ...(mode !== undefined && {mode}), ...owners}];
	});
}

function textOf<K extends 'uid' | 'gid'>(file: Section, name: K): {[P in K]?: string} {
	const text = file.text(name);
	return (text === undefined ? {} : {[name]: text}) as {[P in K]?: string};
}

/** Written as 0440, which is read as a number, or as a text. */
function modeOf(file: Section): number | undefined {
	const value = file.raw('mode');
	const mode = typeof value === 'string' && /^0?o?[0-7]{3}$/.test(value) ? Number.parseInt(value.slice(-3), 8) : value;
	if (mode === undefined || (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777))
		return mode;
	file.findings.wrong(file.at('mode'), 'a mode such as 0440', value);
	return undefined;
}
