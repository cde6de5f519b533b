import type {Instant, Labels, Meta} from './meta.ts';
import type {PoolMember} from './pool.ts';
import type {MachineCapacity, Resources, Usage} from './resources.ts';

/** `unknown`: not heard of since the daemon started. */
/** Managers of an engine that has them also keep its state. */
export type NodeRole = 'manager' | 'worker';

export type NodeState = 'ready' | 'down' | 'unknown';

export type Availability = 'active' | 'cordoned' | 'draining' | 'drained';

/** Writer: the user, through actions. */
export type NodeSpec = {
	/** `drained` asks for a drain; the observed availability is `draining` until no instance is left. */
	readonly availability: 'active' | 'cordoned' | 'drained';
	readonly labels: Labels;
	/** What it offers; absent figures mean the whole machine. */
	readonly capacity: {readonly cpus?: number; readonly memoryBytes?: number};
	/** Drain: after this moment what could not be replaced elsewhere is stopped all the same. Absent: wait for ever. */
	readonly drainDeadlineAt?: Instant;
	/** Where the engine leaves the choice: whether a drain brings up what replaces an instance before it is stopped. Absent: the
	 *  engine has its own way. */
	readonly drainOrder?: 'stop-first' | 'start-first';
	/** Whether it takes part in the control plane, where the engine can be asked for that; absent: it cannot. */
	readonly role?: NodeRole;
};

/** Keeps instances away that do not tolerate it. */
export type Taint = {
	readonly key: string;
	readonly value: string;
	readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
};

/** Writer: the node controller. */
export type NodeStatus = {
	readonly state: NodeState;
	readonly at: Instant;
	readonly message?: string;
	/** What it says is wrong with it while it is ready: what presses it, so that it takes nothing new and may end what it runs. */
	readonly ailing?: string;
	/** Under a power cut on purpose (`node fail`): the agent is not started before this moment. */
	readonly failedUntil?: Instant;
	/** Being fenced: its processes are not yet known to be gone. */
	readonly fencing: boolean;
};

export type Node = Meta & {
	readonly kind: 'node';
	readonly spec: NodeSpec;
	readonly status: NodeStatus;
	readonly availability: Availability;
	/** Raised when a node is taken back after a fence: an agent with a lower one exits untouched. */
	readonly generation: number;
	/** What its instances may reserve in all. */
	readonly capacity: Resources;
	/** The machine that it shares with other nodes: all that they reserve together stays within it. Absent: one of its own.
	 *  Writer: the node controller. */
	readonly machine?: {readonly name: string; readonly capacity: MachineCapacity};
	/** The pool that it was made by; absent: a user made it. */
	readonly pool?: PoolMember;
	/** For `node.role==…`; absent: worker. */
	readonly role?: NodeRole;
	/** Those that people set, where an engine has some. */
	readonly taints?: readonly Taint[];
	/** Of a manager: whether it leads, and whether the others reach it. */
	readonly manager?: {readonly isLeader: boolean; readonly isReachable: boolean};
	readonly reserved: Resources;
	/** Living instances (assigned to running). */
	readonly instances: number;
	/** Those of them that a drain leaves, where an engine drains by evictions: they belong to the node. */
	readonly staying?: number;
	/** Set: `reserved` and `instances` were not asked for, and are 0. Not stored. */
	readonly uncounted?: boolean;
	readonly removing: boolean;
	/** Not stored: filled in when listed. */
	readonly usage?: Usage;
};
