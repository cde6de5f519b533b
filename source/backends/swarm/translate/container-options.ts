import {isDeepStrictEqual} from 'node:util';
import type {ContainerOptions, InstanceTemplate} from '../../../core/model/index.ts';
import type {RawContainerSpec, RawDnsConfig, RawGenericResource, RawTaskSpec} from '../api-types.ts';
import type {Names} from './attachments.ts';

// Docker's rarer options of a service's containers.

const noTest = 'NONE';

/** undefined: none of them is set. */
export function toContainerOptions(task: RawTaskSpec, names: Names): ContainerOptions | undefined {
	const {ContainerSpec: raw = {}, LogDriver: log} = task;
	const options: {readonly [P in keyof Required<ContainerOptions>]: ContainerOptions[P] | undefined} = {
		labels: some(raw.Labels),
		hostname: raw.Hostname || undefined,
		hosts: some(raw.Hosts?.flatMap(toHosts)),
		dns: some(raw.DNSConfig?.Nameservers),
		dnsSearch: some(raw.DNSConfig?.Search),
		dnsOptions: some(raw.DNSConfig?.Options),
		entrypoint: some(raw.Command),
		init: raw.Init ?? undefined,
		groups: some(raw.Groups),
		readOnly: raw.ReadOnly || undefined,
		oomScoreAdj: raw.OomScoreAdj || undefined,
		// Without that limit it says nothing.
		swapBytes: task.Resources?.Limits?.MemoryBytes ? task.Resources.SwapBytes : undefined,
		swappiness: task.Resources?.MemorySwappiness,
		capAdd: some(raw.CapabilityAdd),
		capDrop: some(raw.CapabilityDrop),
		sysctls: some(raw.Sysctls),
		ulimits: toUlimits(raw),
		// The engine tells `default` of each.
		isolation: raw.Isolation === 'process' || raw.Isolation === 'hyperv' ? raw.Isolation : undefined,
		credentialSpec: toCredentialSpec(raw, names),
		log: some({...(log?.Name && {driver: log.Name}), ...(some(log?.Options) && {options: log?.Options})}),
		noHealthcheck: raw.Healthcheck?.Test?.[0] === noTest || undefined,
	};
	return some(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)));
}

/** What has any entry. */
function some<T extends object>(value: T | null | undefined): T | undefined {
	return Object.keys(value ?? {}).length > 0 ? (value ?? undefined) : undefined;
}

function toUlimits({Ulimits}: RawContainerSpec): ContainerOptions['ulimits'] {
	return some(Object.fromEntries((Ulimits ?? []).map(({Name, Soft, Hard}) => [Name, {soft: Soft, hard: Hard}])));
}

/** A line of /etc/hosts: an address, and who has it. */
function toHosts(line: string): string[] {
	const [address = '', ...hosts] = line.trim().split(/\s+/);
	return hosts.map(host => `${host}:${address}`);
}

function fromHost(text: string): string {
	const colon = text.indexOf(':');
	return `${text.slice(colon + 1)} ${text.slice(0, colon)}`;
}

function toCredentialSpec({Privileges, Configs = []}: RawContainerSpec, names: Names): string | undefined {
	const {Config, File, Registry} = Privileges?.CredentialSpec ?? {};
	if (Config) {
		const name = Configs.find(({ConfigID}) => ConfigID === Config)?.ConfigName ?? '';
		return `config://${names.config.logical(Config, name)}`;
	}

	return File ? `file://${File}` : Registry ? `registry://${Registry}` : undefined;
}

/** Writes what differs; all else stays, also of members that core knows in part. */
export function writeContainerOptions(
	task: RawTaskSpec,
	before: ContainerOptions = {},
	after: ContainerOptions = {},
	names: Names,
): void {
	task.ContainerSpec ??= {};
	const container = task.ContainerSpec;
	const set = <P extends keyof ContainerOptions>(member: P, write: (value: ContainerOptions[P]) => void) => {
		if (!isDeepStrictEqual(before[member], after[member])) write(after[member]);
	};
	const plain = {
		labels: 'Labels',
		hostname: 'Hostname',
		entrypoint: 'Command',
		init: 'Init',
		groups: 'Groups',
		readOnly: 'ReadOnly',
		oomScoreAdj: 'OomScoreAdj',
		capAdd: 'CapabilityAdd',
		capDrop: 'CapabilityDrop',
		sysctls: 'Sysctls',
		isolation: 'Isolation',
	} as const satisfies Partial<Record<keyof ContainerOptions, string>>;
	for (const [member, name] of Object.entries(plain) as [keyof typeof plain, string][]) {
		set(member, value => assign(container, name, value));
	}

	const resources = {...task.Resources};
	set('swapBytes', bytes => assign(resources, 'SwapBytes', bytes));
	set('swappiness', figure => assign(resources, 'MemorySwappiness', figure));
	if (!isDeepStrictEqual(resources, task.Resources ?? {})) task.Resources = resources;

	set('hosts', hosts => assign(container, 'Hosts', hosts?.map(fromHost)));
	set('ulimits', ulimits =>
		assign(
			container,
			'Ulimits',
			ulimits && Object.entries(ulimits).map(([Name, {soft, hard}]) => ({Name, Soft: soft, Hard: hard})),
		),
	);
	const dns: RawDnsConfig = {...container.DNSConfig};
	set('dns', values => assign(dns, 'Nameservers', values));
	set('dnsSearch', values => assign(dns, 'Search', values));
	set('dnsOptions', values => assign(dns, 'Options', values));
	if (!isDeepStrictEqual(dns, container.DNSConfig ?? {})) container.DNSConfig = dns;
	set('log', log =>
		assign(
			task,
			'LogDriver',
			log && {...(log.driver && {Name: log.driver}), ...(log.options && {Options: log.options})},
		),
	);
	set('credentialSpec', text => writeCredentialSpec(container, text, names));
	set('noHealthcheck', isOff => {
		if (isOff) container.Healthcheck = {Test: [noTest]};
		else if (container.Healthcheck?.Test?.[0] === noTest) delete container.Healthcheck;
	});
}

function assign(target: object, member: string, value: unknown): void {
	if (value === undefined) delete (target as Record<string, unknown>)[member];
	else (target as Record<string, unknown>)[member] = structuredClone(value);
}

/** One that lies in a config is given to the container besides, not as a file. */
function writeCredentialSpec(container: RawContainerSpec, text: string | undefined, names: Names): void {
	const known = container.Privileges?.CredentialSpec?.Config;
	const [, way, rest = ''] = /^(config|file|registry):\/\/(.*)$/.exec(text ?? '') ?? [];
	const config = way === 'config' ? names.config.newest(rest) : undefined;
	const files = (container.Configs ?? []).filter(({ConfigID, File}) => File !== undefined || ConfigID !== known);
	const given = config ? [{ConfigID: config.id, ConfigName: config.name, Runtime: {}}] : [];
	if (known !== undefined || config) container.Configs = [...files, ...given];
	const spec = config ? {Config: config.id} : way === 'file' ? {File: rest} : {Registry: rest};
	const {CredentialSpec: _, ...others} = container.Privileges ?? {};
	container.Privileges = text === undefined ? others : {...others, CredentialSpec: spec};
}

export function toGeneric(resources: readonly RawGenericResource[] | null | undefined): Record<string, number> {
	return Object.fromEntries(
		(resources ?? []).flatMap(({DiscreteResourceSpec: spec}) => (spec ? [[spec.Kind, spec.Value] as const] : [])),
	);
}

/** Named ones are known to the engine alone, and stay. */
export function fromGeneric(
	known: readonly RawGenericResource[] | null | undefined,
	generic: InstanceTemplate['reserve']['generic'] = {},
): RawGenericResource[] {
	const named = (known ?? []).filter(({DiscreteResourceSpec}) => DiscreteResourceSpec === undefined);
	return [...named, ...Object.entries(generic).map(([Kind, Value]) => ({DiscreteResourceSpec: {Kind, Value}}))];
}
