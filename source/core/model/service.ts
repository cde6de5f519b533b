import type {FileAttachment, Mount, NetworkAttachment} from './attachment.ts';
import type {ContainerOptions} from './container.ts';
import type {HealthCheck} from './health-check.ts';
import type {Instant, Labels, Meta} from './meta.ts';
import type {Limits, Reservation} from './resources.ts';

export type ServiceMode = 'replicated' | 'global' | 'job';

/** Which requests are for a service, and how its instances share them. */
export type HttpRules = {
	/** `example.org`, `*.example.org`; absent: all. */
	readonly hosts?: readonly string[];
	/** Beginnings: `/api` is `/api` and `/api/…`; absent: all. */
	readonly paths?: readonly string[];
	/** A client stays with its instance, by a cookie. */
	readonly sticky?: boolean;
	/** What an instance is given at the same time at most; beyond that a request is refused at once. */
	readonly maxRequests?: number;
};

export type PublishedPort = {
	/** The port that clients connect to; 0 asks the gateway for its first free one (30000-32767). */
	readonly published: number;
	/** The address that the gateway listens on; absent: 127.0.0.1. */
	readonly host?: string;
	/** The instance's port by name; on the local process runtime it is only a name. */
	readonly target: number;
	/** Only tcp where the engine's load balancer knows no other. */
	readonly protocol: 'tcp' | 'udp' | 'sctp';
	/** `host`: each node that has an instance publishes it itself, without a load balancer; absent: by the load balancer. */
	readonly mode?: 'host';
	/** HTTP is led request by request; absent: connections are. Only on engines whose load balancer knows HTTP. */
	readonly http?: HttpRules;
	/** The secret with certificate chain and key (PEM) by which the gateway ends TLS; absent: it does not. */
	readonly tls?: string;
	/** Each connection to an instance begins with a line that names its client (PROXY protocol, version 1). */
	readonly proxyProtocol?: boolean;
};

export type RestartPolicy = {
	readonly condition: 'any' | 'on-failure' | 'none';
	/** Before the first restart; doubles with each failure in the window, up to `maxRestartDelayMs` in core/restart.ts. */
	readonly delayMs: number;
	/** 0: no limit. */
	readonly maxAttempts: number;
	/** Attempts older than this are forgotten; 0: never. */
	readonly windowMs: number;
};

export type Placement = {
	/** `node.name==n1`, `node.labels.zone!=a`, `node.id==…`, `node.role==…`. */
	readonly constraints: readonly string[];
	/** `spread=node.labels.zone`, first ones first. */
	readonly preferences: readonly string[];
	/** 0: no limit. */
	readonly maxReplicasPerNode: number;
};

/** How instances are replaced by those of another version: docker's names and defaults. Jobs have no use for it. */
export type UpdatePolicy = {
	/** Slots that are replaced at the same time; 0: all at once. */
	readonly parallelism: number;
	/** From the end of one replacement to the start of the next. */
	readonly delayMs: number;
	/** Start first: the new instance is healthy before the old one stops. */
	readonly order: 'stop-first' | 'start-first';
	/** A new instance that fails so soon after its start counts as a failure of the update. */
	readonly monitorMs: number;
	/** From 0 to 1: with a greater part of the slots failed, `failureAction` is taken. */
	readonly maxFailureRatio: number;
	/** A rollback does not roll back. */
	readonly failureAction: 'pause' | 'continue' | 'rollback';
};

/** What a process instance can be kept apart by, where the system allows it. */
export type IsolationTrait =
	/** No program that it starts has more rights than it has itself. */
	| 'no-new-privileges'
	/** A /tmp of its own, gone with it. */
	| 'private-tmp'
	/** It sees no processes but its own. */
	| 'own-processes';

/** `metric:NAME`: a figure of the whole service that whoever tends the cluster asks elsewhere. */
export type AutoscaleMetric = 'cpu' | 'memory' | 'requests' | 'connections' | `metric:${string}`;

/** How the load says how many instances run. Engine-free: see core/autoscale/autoscale.ts. */
export type AutoscalePolicy = {
	/** 0: none as long as nobody asks. */
	readonly min: number;
	readonly max: number;
	/** What one instance is to bear: CPU as a part of what it reserves, bytes, requests a second, connections. The one that
	 *  needs most instances counts. */
	readonly targets: ReadonlyArray<{readonly metric: AutoscaleMetric; readonly value: number}>;
	/** More only when every moment of it wished for it. */
	readonly upWindowMs: number;
	/** Fewer only when no moment of it wished for more. */
	readonly downWindowMs: number;
	/** Fewer only so long after the last change. */
	readonly cooldownMs: number;
};

/** The last decision, explained. Writer: the autoscaler. */
export type AutoscaleStatus = {
	readonly at: Instant;
	readonly reason: string;
	readonly scaledAt?: Instant;
	readonly scaledFrom?: number;
};

/** What makes up an instance: a change of any of it is a new version, rolled out. */
export type InstanceTemplate = {
	/** `nodejs`, or with the way to look it up forced: `image:nodejs`, `exec:/bin/sleep`, `docker:nginx:1`. */
	readonly image: string;
	/** Empty: the image's own command. For an executable these are its arguments. */
	readonly command: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly user?: string;
	readonly workdir?: string;
	readonly tty: boolean;
	readonly openStdin: boolean;
	readonly stopSignal: string;
	readonly stopGraceMs: number;
	readonly health?: HealthCheck;
	readonly reserve: Reservation;
	readonly limit: Limits;
	/** Absent: what the engine gives to everyone. Of this and the next three an absent list is an empty one. */
	readonly networks?: readonly NetworkAttachment[];
	readonly mounts?: readonly Mount[];
	readonly configs?: readonly FileAttachment[];
	readonly secrets?: readonly FileAttachment[];
	readonly isolation?: readonly IsolationTrait[];
	/** Absent: as the engine and the image have it. */
	readonly container?: ContainerOptions;
};

/** What is asked. Writer: the user, through actions. */
export type ServiceSpec = {
	readonly mode: ServiceMode;
	/** Replicated: instances kept running. Job: completions wanted. Global: always 0. */
	readonly replicas: number;
	/** Job: one completion on each node that takes work; `replicas` is 0 then. Only on engines that have such jobs. */
	readonly perNode?: boolean;
	/** Job: instances at the same time; 0 means as many as `replicas`. */
	readonly maxConcurrent: number;
	readonly labels: Labels;
	readonly template: InstanceTemplate;
	readonly ports: readonly PublishedPort[];
	/** `dnsrr`: its name leads to its instances in turn. Absent: to one address before them, where the engine has such. */
	readonly endpointMode?: 'dnsrr';
	readonly placement: Placement;
	readonly restart: RestartPolicy;
	readonly update: UpdatePolicy;
	/** Holds for going back to an earlier version. */
	readonly rollback: UpdatePolicy;
	/** As long as it is set no instance is replaced because of an update. */
	readonly paused: boolean;
	/** An update stops at so many slots until it is promoted (set to 0) or rolled back; 0: it goes through. */
	readonly canary: number;
	/** Set: the autoscaler writes `replicas`. */
	readonly autoscale?: AutoscalePolicy;
	/** Raised to restart every instance although nothing else changed. */
	readonly forceUpdate: number;
};

/** Writer: the service controller. */
export type ServiceStatus = {
	/** Instances that should run now (global: one for each eligible node; job: completions wanted). */
	readonly desired: number;
	readonly running: number;
	/** Running and not known to be unhealthy or still starting; without a health check: running. */
	readonly healthy: number;
	/** Job: slots that ended with 0. */
	readonly completed: number;
	/** Why it is not what was asked, in a sentence; absent when all is well. */
	readonly message?: string;
	/** Where other services reach it, whichever of its instances answers; absent where the engine gives none. */
	readonly address?: string;
	/** As asked, with each 0 replaced by the port that the gateway gave. */
	readonly ports: readonly PublishedPort[];
};

export type RolloutState = 'updating' | 'rolling-back' | 'paused' | 'completed' | 'rolled-back';

/** The replacement of instances by those of another version, under way or the last one. Writer: the service controller. */
export type Rollout = {
	readonly state: RolloutState;
	/** Goes back to an earlier version: the rollback policy holds. Stays true while it is paused. */
	readonly isRollback: boolean;
	/** The version before it: where it goes back to, and what is kept running where it is held. */
	readonly from?: number;
	/** Why it is paused: asked for, stopped after its canaries, or too many failures. */
	readonly pausedBy?: 'user' | 'canary' | 'failure';
	readonly startedAt: Instant;
	readonly finishedAt?: Instant;
	/** When it last came nearer to its end; the delay counts from here. */
	readonly movedAt?: Instant;
	/** Failures before this are forgotten: it was resumed. */
	readonly resumedAt?: Instant;
	/** Slots that are healthy at the new version, of `total`. */
	readonly updated: number;
	readonly total: number;
	/** Slots whose new instance failed while it was watched. */
	readonly failed: number;
	readonly message?: string;
};

/** A kept version of what a service's instances are made from. */
export type ServiceVersion = {
	/** The service's `version` while it is in force; on other engines their number for it. */
	readonly version: number;
	readonly createdAt?: Instant;
	/** In force now. */
	readonly isCurrent: boolean;
	/** Instances meant to run that are made from it. */
	readonly instances: number;
	/** What a rollback to it puts back. */
	readonly spec: Pick<ServiceSpec, 'template' | 'ports' | 'forceUpdate'>;
};

export type Service = Meta & {
	readonly kind: 'service';
	/** The engine's own kind of it, where it has several: `deployment`, `statefulset`, … */
	readonly type?: string;
	/** What its instances bear in the engine, where that is not what it bears itself. Writer: the engine. */
	readonly instanceLabels?: Labels;
	readonly spec: ServiceSpec;
	/**
	 * The number of its template's version, from 1: a new one gets the next number, going back brings the earlier number back.
	 * Writer: the store's admission when the template changes, the service controller when it rolls back by itself.
	 */
	readonly version: number;
	/** Set once removal was asked: instances are stopped, then the object goes. */
	readonly removing: boolean;
	readonly status: ServiceStatus;
	readonly rollout?: Rollout;
	readonly autoscale?: AutoscaleStatus;
};
