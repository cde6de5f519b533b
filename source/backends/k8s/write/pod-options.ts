import {ClusterError} from '../../../core/error.ts';
import type {ContainerOptions, InstanceTemplate} from '../../../core/model/index.ts';
import type {WireContainer, WirePodSpec} from '../wire/wire.ts';
import type {Json} from './json.ts';

/* Docker's rarer options, as a pod and its first container have them. */

/** undefined: none of them is set. */
export function optionsOf(spec: WirePodSpec, container: WireContainer | undefined): ContainerOptions | undefined {
	const {securityContext: own} = container ?? {};
	const {securityContext: pod, dnsConfig: dns} = spec;
	const sysctls = Object.fromEntries((pod?.sysctls ?? []).map(({name, value}) => [name, value]));
	const capabilities = (names: readonly string[] = []) => some(names.map(withPrefix));
	const options: {readonly [P in keyof ContainerOptions]: ContainerOptions[P] | undefined} = {
		hostname: spec.hostname,
		hosts: some((spec.hostAliases ?? []).flatMap(({ip, hostnames = []}) => hostnames.map(name => `${name}:${ip}`))),
		dns: some(dns?.nameservers),
		dnsSearch: some(dns?.searches),
		dnsOptions: some((dns?.options ?? []).map(({name, value}) => (value === undefined ? name : `${name}:${value}`))),
		entrypoint: some(container?.command),
		groups: some(pod?.supplementalGroups?.map(String)),
		readOnly: own?.readOnlyRootFilesystem || undefined,
		capAdd: capabilities(own?.capabilities?.add),
		capDrop: capabilities(own?.capabilities?.drop),
		sysctls: some(sysctls),
	};
	return some(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)));
}

/** What has any entry. */
function some<T extends object>(value: T | undefined): T | undefined {
	return value !== undefined && Object.keys(value).length > 0 ? value : undefined;
}

function withPrefix(name: string): string {
	return name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`;
}

/** What of them differs, of the container. */
export function containerOptionsPatch(was: ContainerOptions = {}, is: ContainerOptions = {}): Json {
	const isOther = differs(was, is);
	const context: Json = {};
	const plain = (names: readonly string[] | undefined) => names?.map(name => name.replace(/^CAP_/, '')) ?? null;
	if (isOther('capAdd', 'capDrop')) context.capabilities = {add: plain(is.capAdd), drop: plain(is.capDrop)};
	if (isOther('readOnly')) context.readOnlyRootFilesystem = is.readOnly ?? null;
	return {
		...(isOther('entrypoint') && {command: is.entrypoint ?? null}),
		...(Object.keys(context).length > 0 && {securityContext: context}),
	};
}

/** Of the pod. */
export function podOptionsPatch(was: ContainerOptions = {}, is: ContainerOptions = {}): Json {
	const isOther = differs(was, is);
	const context: Json = {};
	if (isOther('groups')) context.supplementalGroups = is.groups?.map(groupNumber) ?? null;
	if (isOther('sysctls')) {
		context.sysctls = is.sysctls ? Object.entries(is.sysctls).map(([name, value]) => ({name, value})) : null;
	}

	const dns: Json = {};
	if (isOther('dns')) dns.nameservers = is.dns ?? null;
	if (isOther('dnsSearch')) dns.searches = is.dnsSearch ?? null;
	if (isOther('dnsOptions')) dns.options = is.dnsOptions?.map(dnsOption) ?? null;
	return {
		...(isOther('hostname') && {hostname: is.hostname ?? null}),
		...(isOther('hosts') && {hostAliases: aliasesPatch(was.hosts, is.hosts)}),
		...(Object.keys(dns).length > 0 && {dnsConfig: dns}),
		...(Object.keys(context).length > 0 && {securityContext: context}),
	};
}

function differs(was: ContainerOptions, is: ContainerOptions) {
	return (...members: ReadonlyArray<keyof ContainerOptions>) =>
		members.some(member => JSON.stringify(was[member]) !== JSON.stringify(is[member]));
}

function groupNumber(group: string): number {
	if (!/^\d+$/.test(group)) {
		throw new ClusterError('unsupported', `--group ${group}: Kubernetes takes numbers only, such as 1000`);
	}

	return Number(group);
}

function dnsOption(text: string): Json {
	const [name, ...value] = text.split(':');
	return {name, ...(value.length > 0 && {value: value.join(':')})};
}

/** They merge by their addresses. */
function aliasesPatch(was: readonly string[] = [], is: readonly string[] = []): Json[] {
	const byAddress = (hosts: readonly string[]) => Map.groupBy(hosts, host => host.slice(host.indexOf(':') + 1));
	const names = (hosts: readonly string[]) => hosts.map(host => host.slice(0, host.indexOf(':')));
	const wanted = byAddress(is);
	const gone = [...byAddress(was).keys()].filter(ip => !wanted.has(ip));
	return [
		...[...wanted].map(([ip, hosts]) => ({ip, hostnames: names(hosts)})),
		...gone.map(ip => ({ip, $patch: 'delete'})),
	];
}

/** Kinds of resources that nodes offer besides are named with a domain: `example.org/gpu`. */
export function genericOf(
	limits: Readonly<Record<string, string | number>> = {},
): InstanceTemplate['reserve']['generic'] {
	return some(
		Object.fromEntries(
			Object.entries(limits).flatMap(([name, amount]) =>
				name.includes('/') && /^\d+$/.test(String(amount)) ? [[name, Number(amount)] as const] : [],
			),
		),
	);
}

/** What is reserved of them is also what there is at most. */
export function genericPatch(was: InstanceTemplate['reserve'], {generic = {}}: InstanceTemplate['reserve']): Json {
	const unnamed = Object.keys(generic).find(kind => !kind.includes('/'));
	if (unnamed !== undefined) {
		throw new ClusterError(
			'unsupported',
			`--generic-resource ${unnamed}: Kubernetes names what nodes offer with a domain, such as example.org/${unnamed}`,
		);
	}

	const gone = Object.keys(was.generic ?? {}).filter(kind => !Object.hasOwn(generic, kind));
	return {
		...Object.fromEntries(Object.entries(generic).map(([kind, amount]) => [kind, String(amount)])),
		...Object.fromEntries(gone.map(kind => [kind, null])),
	};
}
