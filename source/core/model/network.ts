import type {Labels, Meta} from './meta.ts';

/** Writer: the user, through actions. What an engine does not know is absent. */
export type NetworkSpec = {
	/** `overlay`, `bridge`, …; absent: the engine's own choice. */
	readonly driver?: string;
	readonly labels: Labels;
	/** Containers that belong to no service may join. */
	readonly attachable?: boolean;
	/** Leads nowhere outside. */
	readonly internal?: boolean;
	readonly subnets?: ReadonlyArray<{readonly subnet: string; readonly gateway?: string; readonly range?: string}>;
	/** The driver's own. */
	readonly options?: Readonly<Record<string, string>>;
};

/** What services reach each other through. */
export type Network = Meta & {
	readonly kind: 'network';
	readonly spec: NetworkSpec;
	/** `cluster`: the same on all nodes; `node`: each node has its own. */
	readonly reach: 'cluster' | 'node';
	/** Names of the services on it. */
	readonly usedBy: readonly string[];
};
