import type {Service, ServiceSpec} from '../core/model/index.ts';
import type {NameTable, Route} from './balancer.ts';
import type {StoreReader} from './store/store.ts';

/** Where services can be reached by each other: each has an address of its own on the machine's loopback. */
export type VirtualNet = {
	/** The first two numbers of all of them, `127.77`: of this home alone. */
	readonly prefix: string;
	/** Ports below 1024 can be listened on. */
	readonly lowPorts: boolean;
};

/** Services that name no network are on this one together. */
export const sharedNetwork = 'default';

const perThird = 254;
/** 127.H.0.x are the name servers. */
const maxNetworks = 250;

export function networksOf({template}: Pick<ServiceSpec, 'template'>): readonly string[] {
	const named = (template.networks ?? []).map(({network}) => network);
	return named.length === 0 ? [sharedNetwork] : named;
}

/** The first that is free. */
export function freeAddress(store: Pick<StoreReader, 'all'>, {prefix}: VirtualNet): string | undefined {
	const taken = new Set([...store.all('service')].map(({status}) => status.address));
	for (let index = 0; index < perThird * perThird; index++) {
		const address = `${prefix}.${1 + Math.floor(index / perThird)}.${1 + (index % perThird)}`;
		if (!taken.has(address)) {
			return address;
		}
	}

	return undefined;
}

export function virtualPort(target: number, {lowPorts}: VirtualNet): number {
	return target < 1024 && !lowPorts ? 10_000 + target : target;
}

/** What a service listens for: its published targets, else the port of its image. */
export function targetsOf(store: Pick<StoreReader, 'byName'>, {ports, template}: ServiceSpec): readonly number[] {
	const targets = new Set(ports.map(({target}) => target));
	const image = store.byName('image', template.image.replace(/^image:/, ''));
	if (image?.port !== undefined && targets.size === 0) {
		targets.add(image.port);
	}

	return [...targets].sort((a, b) => a - b);
}

export function virtualRoutes(
	store: Pick<StoreReader, 'byName'>,
	service: Service,
	targets: (target: number) => Route['targets'],
	net: VirtualNet,
): readonly Route[] {
	const {address} = service.status;
	return address === undefined
		? []
		: targetsOf(store, service.spec).map(target => ({
				serviceId: service.id,
				serviceName: service.name,
				host: address,
				published: virtualPort(target, net),
				targets: targets(target),
			}));
}

export type Peer = {readonly name: string; readonly host: string; readonly port: number};

/** The services that share a network with one, itself among them, by all their names. */
export function peersOf(
	store: Pick<StoreReader, 'all' | 'byName'>,
	spec: ServiceSpec,
	net: VirtualNet,
): readonly Peer[] {
	const own = new Set(networksOf(spec));
	return [...store.all('service')]
		.filter(other => !other.removing && networksOf(other.spec).some(network => own.has(network)))
		.flatMap(other => {
			const {address} = other.status;
			const [first] = targetsOf(store, other.spec);
			return address === undefined || first === undefined
				? []
				: namesOf(other, own).map(name => ({name, host: address, port: virtualPort(first, net)}));
		})
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** On these networks. */
function namesOf({name, spec}: Service, networks: ReadonlySet<string>): readonly string[] {
	const aliases = (spec.template.networks ?? []).flatMap(({network, aliases: given = []}) =>
		networks.has(network) ? given : [],
	);
	return [...new Set([name, ...aliases])];
}

/** A name server for each network that somebody is on. Its address does not change while others come and go. */
export function nameTables(store: Pick<StoreReader, 'all'>, {prefix}: VirtualNet): readonly NameTable[] {
	const networks = [sharedNetwork, ...[...store.all('network')].map(({name}) => name).sort()];
	const services = [...store.all('service')];
	return networks.slice(0, maxNetworks).map((network, index) => {
		const members = services.filter(({spec}) => networksOf(spec).includes(network));
		const names = members.flatMap(service => {
			const {address} = service.status;
			return address === undefined ? [] : namesOf(service, new Set([network])).map(name => [name, address] as const);
		});
		return {network, address: `${prefix}.0.${2 + index}`, names: Object.fromEntries(names.sort())};
	});
}
