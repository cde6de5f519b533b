import type {InstanceState} from '../instance-state.ts';
import type {Health} from './health-check.ts';
import type {Instant, Meta} from './meta.ts';
import type {Bounds, Usage} from './resources.ts';

/** Where a target port can be reached. */
export type Endpoint = {
	readonly target: number;
	readonly host: string;
	readonly port: number;
	/** A unix socket of its machine where it answers, too. */
	readonly socket?: string;
};

/** Where the controller steers an instance: never back from stopped. */
export type DesiredState = 'running' | 'stopped';

/** Observed. Writer: as the state table says for each state. */
export type InstanceStatus = {
	readonly state: InstanceState;
	/** When this state was reached. */
	readonly at: Instant;
	/** A sentence: why pending, why failed, why stopped. */
	readonly reason?: string;
	readonly health: Health;
	/** The last health answer, when it was not a success. */
	readonly healthMessage?: string;
	readonly startedAt?: Instant;
	readonly finishedAt?: Instant;
	readonly exitCode?: number;
	readonly pid?: number;
	readonly endpoints: readonly Endpoint[];
	/** How the limits are enforced: `cgroup`, `sampled` or `none`, and what else inspect should tell. */
	readonly isolation?: string;
};

/** One run of one slot; never used again, a restart is a new instance in the same slot. */
export type Instance = Meta & {
	readonly kind: 'instance';
	readonly serviceId: string;
	readonly serviceName: string;
	/** Replicated and job: from 1. Global: 0, the node is the slot. */
	readonly slot: number;
	/** The service's template version that this instance is made from. */
	readonly version: number;
	/** That template's image, for people. Writer: the service controller, at creation. */
	readonly image?: string;
	/** Global: set at creation; else by the scheduler. */
	readonly nodeId?: string;
	readonly nodeName?: string;
	/** The generation of the node that it was placed under; an agent of another one is refused. */
	readonly nodeGeneration?: number;
	readonly desired: DesiredState;
	/** Why the controller stops it: `scaled down`, `updated`, `drained`, … */
	readonly desiredReason?: string;
	/** The live instance of the same slot that is stopped once this one is healthy (drain, start first). */
	readonly replaces?: string;
	/** To be brought up elsewhere, and stopped here once that is healthy; tried once. Writer: the user, by a rebalance. */
	readonly moving?: boolean;
	/** Restarts of this slot up to this one, for people. Writer of the three: the service controller, at creation. */
	readonly restarts: number;
	/** Restarts in a row that count against the policy's `maxAttempts`. */
	readonly attempts: number;
	/** Failures in a row soon after the start, for the back-off. */
	readonly quickFailures: number;
	readonly status: InstanceStatus;
	/** Of one that is made of containers which come up by themselves: how many there are, and are ready; of several, their names. Writer: the engine. */
	readonly containers?: {readonly ready: number; readonly total: number; readonly names?: readonly string[]};
	/** Of several containers together, where its service's template tells of one of them only. Writer: the engine. */
	readonly bounds?: Bounds;
	/** Not stored: filled in when listed. */
	readonly usage?: Usage;
};
