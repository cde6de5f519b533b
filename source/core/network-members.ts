import {isFinal} from './instance-state.ts';
import type {Instance, Network, Service} from './model/index.ts';

/** Who is on a network: a service, where and by which names it is reached there, and its instances that live. */
export type NetworkMember = {
	readonly service: Service;
	/** Its own, then its aliases on this network. */
	readonly names: readonly string[];
	readonly instances: readonly Instance[];
};

/** The members of a network, by their names and slots. */
export function networkMembers(
	{name, scope, usedBy}: Network,
	services: Iterable<Service>,
	instances: Iterable<Instance>,
): readonly NetworkMember[] {
	const found = [...services].filter(service => service.scope === scope && usedBy.includes(service.name));
	const ids = new Set(found.map(({id}) => id));
	const own = Map.groupBy(
		[...instances].filter(({serviceId, status}) => ids.has(serviceId) && !isFinal(status.state)),
		({serviceId}) => serviceId,
	);
	return found
		.toSorted((a, b) => (a.name < b.name ? -1 : 1))
		.map(service => ({
			service,
			names: [service.name, ...aliasesOn(service, name)],
			instances: (own.get(service.id) ?? []).toSorted((a, b) => a.slot - b.slot || (a.id < b.id ? -1 : 1)),
		}));
}

function aliasesOn({spec}: Service, network: string): readonly string[] {
	return spec.template.networks?.find(joined => joined.network === network)?.aliases ?? [];
}
