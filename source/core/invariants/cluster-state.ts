import type {Instance, Instant, Node, Resources, Service} from '../model/index.ts';

export type ClusterState = {
	readonly services: readonly Service[];
	readonly instances: readonly Instance[];
	readonly nodes: readonly Node[];
	readonly now: Instant;
	/** By the version that it was made from. */
	reserveOf(instance: Instance): Resources;
};

/** Services that by their own doing never come to rest: only that nothing surplus of them lives is asked. */
export type Excuse = (service: Service) => boolean;
