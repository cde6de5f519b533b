import type {Held} from '../held.ts';
import type {Config, Instance, Instant, Node, Resources, Secret, Service, ServiceVersion} from '../model/index.ts';
import {noResources} from '../model/resources.ts';

/** A snapshot of a cluster: what previews are pure functions of. */
export type ClusterWorld = {
	readonly now: Instant;
	readonly services: readonly Service[];
	/** History may be missing but for the newest of each slot. */
	readonly instances: readonly Instance[];
	readonly nodes: readonly Node[];
	/* Absent where they were not read. */
	readonly configs?: readonly Config[];
	readonly secrets?: readonly Secret[];
	/** By service (id), where they were asked for: what it was made from so far. */
	readonly versions?: ReadonlyMap<string, readonly ServiceVersion[]>;
	/** By node (id), where it was asked for: what a drain could not take away now. */
	readonly held?: ReadonlyMap<string, readonly Held[]>;
};

/** With this service in the place of the one with its id, or added. */
export function withService<W extends ClusterWorld>(world: W, service: Service): W {
	return {...world, services: [...world.services.filter(({id}) => id !== service.id), service]};
}

/** With this node in the place of the one with its id. */
export function withNode<W extends ClusterWorld>(world: W, node: Node): W {
	return {...world, nodes: world.nodes.map(other => (other.id === node.id ? node : other))};
}

export type ReserveOf = (instance: Instance) => Resources;

/** What an instance reserves, as its service asks at present: a snapshot knows no earlier versions. */
export function reserveAsAsked({services}: ClusterWorld): ReserveOf {
	const reserves = new Map(services.map(({id, spec}) => [id, spec.template.reserve]));
	return ({serviceId}) => reserves.get(serviceId) ?? noResources;
}
