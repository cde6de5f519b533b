import type {ContainerCreateOptions} from 'dockerode';
import type {ContainerOptions} from '../../../../core/model/index.ts';
import type {ContainerOrder} from './docker-order.ts';

/* Docker's rarer options, as Docker's API takes them: in two parts, since a container's network may be that of another. */

type Part = Pick<ContainerCreateOptions, 'Hostname' | 'Entrypoint' | 'Healthcheck'> & {
	readonly host: NonNullable<ContainerCreateOptions['HostConfig']>;
};

/** Of whoever has the network: what it is called, whom it asks, and what the kernel does for it. */
export function networkPart({hostname, hosts, dns, dnsSearch, dnsOptions, sysctls = {}}: ContainerOptions): Part {
	const ofNetwork = Object.entries(sysctls).filter(([name]) => isOfNetwork(name));
	return {
		...(hostname !== undefined && {Hostname: hostname}),
		host: {
			...(hosts && {ExtraHosts: [...hosts]}),
			...(dns && {Dns: [...dns]}),
			...(dnsSearch && {DnsSearch: [...dnsSearch]}),
			...(dnsOptions && {DnsOptions: [...dnsOptions]}),
			...(ofNetwork.length > 0 && {Sysctls: Object.fromEntries(ofNetwork)}),
		},
	};
}

/** Of the container, which has a network of its own, or another's (where the part of the network is). */
export function ownPart({options = {}, pids}: Pick<ContainerOrder, 'options' | 'pids'>, hasNetwork: boolean): Part {
	const {host: ofNetwork, ...network} = hasNetwork ? networkPart(options) : {host: {}};
	const {
		entrypoint,
		init,
		groups,
		readOnly,
		oomScoreAdj,
		swappiness,
		capAdd,
		capDrop,
		sysctls = {},
		ulimits,
		log,
	} = options;
	const own = Object.entries(sysctls).filter(([name]) => hasNetwork || !isOfNetwork(name));
	return {
		...network,
		...(entrypoint && {Entrypoint: [...entrypoint]}),
		...(options.noHealthcheck && {Healthcheck: {Test: ['NONE']}}),
		host: {
			...ofNetwork,
			...(init !== undefined && {Init: init}),
			...(groups && {GroupAdd: [...groups]}),
			...(readOnly && {ReadonlyRootfs: true}),
			...(oomScoreAdj !== undefined && {OomScoreAdj: oomScoreAdj}),
			...(swappiness !== undefined && {MemorySwappiness: swappiness}),
			...(capAdd && {CapAdd: [...capAdd]}),
			...(capDrop && {CapDrop: [...capDrop]}),
			...(own.length > 0 && {Sysctls: Object.fromEntries(own)}),
			...(ulimits && {
				Ulimits: Object.entries(ulimits).map(([Name, {soft, hard}]) => ({Name, Soft: soft, Hard: hard})),
			}),
			...(pids !== undefined && {PidsLimit: pids}),
			...(log && {LogConfig: {Type: log.driver ?? '', Config: {...log.options}}}),
		},
	};
}

function isOfNetwork(sysctl: string): boolean {
	return /^net[./]/.test(sysctl);
}

/** What Docker counts as swap includes the memory; -1: no limit. */
export function withSwap(memoryBytes: number, swapBytes = 0): number {
	return swapBytes < 0 ? swapBytes : memoryBytes + swapBytes;
}
