import type {Instant, Labels, Meta} from './meta.ts';

/** Nodes that come and go with what there is to run. Writer: the user, through actions. */
export type PoolSpec = {
	readonly min: number;
	readonly max: number;
	/** What its nodes are labelled with. */
	readonly labels: Labels;
	/** What each of its nodes offers; absent figures mean the whole machine. */
	readonly capacity: {readonly cpus?: number; readonly memoryBytes?: number};
	/** A node is added when an instance has waited so long for room. */
	readonly addAfterMs: number;
	/** A node that was idle for so long is drained and removed. */
	readonly idleMs: number;
	/** Idle is also who reserves no more than this part of a node, if all that it runs has another place; 0: who runs nothing
	 *  but instances of global services. */
	readonly idleShare: number;
	/** None is removed so long after the number changed. */
	readonly cooldownMs: number;
};

/** Writer: the pool controller. */
export type PoolStatus = {
	readonly nodes: number;
	readonly ready: number;
	/** The last decision, explained, and since when it stands. */
	readonly reason: string;
	readonly at: Instant;
	/** When a node was last added or given up, and why. */
	readonly changed?: {readonly at: Instant; readonly reason: string};
};

export type Pool = Meta & {
	readonly kind: 'pool';
	readonly spec: PoolSpec;
	readonly status: PoolStatus;
	/** Its nodes are drained and removed, then it goes. */
	readonly removing: boolean;
};

/** On a node: which pool it belongs to. Writer: the pool controller. */
export type PoolMember = {
	readonly name: string;
	/** Drained by the pool, to be removed. */
	readonly leaving: boolean;
};
