import type {Asker} from '../../core/access.ts';
import type {ExecOptions, LogQuery, Query, Ref, WritableKind, WriteOptions} from '../../core/backend.ts';
import type {ErrorCode} from '../../core/error.ts';
import type {Kind, Usage} from '../../core/model/index.ts';
import type {UsageSum, UsageSums} from '../../core/pulse/usage-sums.ts';
import type {RoutingTable} from '../../orchestrator/balancer.ts';
import type {FleetCommand, InstanceReport} from '../../orchestrator/fleet.ts';

/**
 * What is spoken on the daemon's unix socket: HTTP/1.1 with JSON bodies. The same by TCP, where that was asked for, with TLS on
 * both sides, and only what daemon/access/route-roles.ts lists. Every answer carries `muster-protocol`; a client
 * that finds none, or another number, ends with `unreachable`.
 *
 *     GET    /v1/version                               {version, level, pid, startedAt, home}; by TCP also asker: {name, role}
 *     GET    /v1/list?query=JSON                       Snapshot
 *     GET    /v1/watch?query=JSON&since=REV            NDJSON: Change per line, {type:'error',…} ends it
 *     POST   /v1/apply   ApplyRequest                  the object
 *     POST   /v1/remove  RemoveRequest                 {}
 *     GET    /v1/logs?query=JSON                       NDJSON: LogLine per line
 *     POST   /v1/kill    {instanceId, signal}          {}
 *     POST   /v1/fail-node {nodeId, forMs}             {}
 *     POST   /v1/images  {path, name?}                 Image
 *     GET    /v1/history?query=Ref                     ServiceVersion[]
 *     GET    /v1/health                                ComponentHealth[]
 *     GET    /v1/metrics                               {text, listening?}
 *     POST   /v1/metrics/listen {host, port} or {}     {listening?}
 *     GET    /metrics                                  text, as Prometheus reads it
 *     GET    /v1/access                                AccessList
 *     POST   /v1/access/grant  {name, role, forMs}     Granted
 *     POST   /v1/access/rotate {name, forMs}           Granted
 *     POST   /v1/access/revoke {name}                  {}
 *     POST   /v1/access/listen {host, port} or {}      {listening?}
 *     GET    /v1/usage-sums                            SumsAnswer
 *     POST   /v1/copy-store {}                         {file}: the store as it is, to be taken away
 *     POST   /v1/stop    {all}                         {} and then the daemon ends
 *     GET    /v1/exec?query=JSON     Upgrade: muster-session   ExecQuery; then frames, see session-frames.ts
 *     GET    /v1/attach?query=JSON   Upgrade: muster-session   AttachQuery; likewise
 *     GET    /v1/connect?query=JSON  Upgrade: muster-tunnel    ConnectQuery; then the bytes of the instance's port
 *     GET    /v1/agent    Upgrade: muster-agent        NDJSON both ways: AgentMessage | DaemonToAgent
 *     GET    /v1/gateway  Upgrade: muster-gateway      NDJSON both ways: GatewayMessage | DaemonToGateway
 *
 * An error answers with the status of `httpStatus` and {error: WireError}.
 */
export const protocolVersion = '1';

/**
 * Raised with whatever is added to the above: a route, a kind, a member of a query or a spec. Within one version each side does with
 * what the other knows; what a daemon of a lower level refuses to understand is `unsupported`, and says so.
 */
export const protocolLevel = 2;

export type WireError = {readonly code: ErrorCode; readonly message: string; readonly hint?: string};

/** The daemon has everything at hand: nothing is left out for being dear. */
export type ListQuery = Omit<Query<Kind>, 'brief'>;
export type LogsQuery = LogQuery;

/** `patch`: of the object's spec, checked where the spec is known. */
export type ApplyRequest = Pick<WriteOptions, 'ifRevision' | 'create'> & {
	readonly ref: Ref<WritableKind>;
	readonly patch: Readonly<Record<string, unknown>>;
};

export type RemoveRequest = Pick<WriteOptions, 'ifRevision'> & {readonly ref: Ref};

/** The answer to /v1/usage-sums, by id. */
export type SumsAnswer = {readonly [K in keyof UsageSums]: Readonly<Record<string, UsageSum>>};

/** The answer to /v1/version. `startedAt`: wall clock. */
export type DaemonVersion = {
	readonly version: string;
	/** Absent: 1. */
	readonly level?: number;
	readonly pid: number;
	readonly startedAt: number;
	readonly home: string;
	/** Who has asked, by TCP. Absent: by the socket of this machine, where everything is allowed. */
	readonly asker?: Asker;
};

/** Agent → daemon. The first is `hello`. */
export type AgentMessage =
	| {
			readonly type: 'hello';
			readonly nodeId: string;
			readonly generation: number;
			readonly pid: number;
			readonly reports: readonly InstanceReport[];
	  }
	| {readonly type: 'heartbeat'}
	| {readonly type: 'reports'; readonly reports: readonly InstanceReport[]}
	| {readonly type: 'usage'; readonly usage: Readonly<Record<string, Usage>>}
	/** After the welcome: the agent serves sessions on this socket of its own, see SessionRequest. */
	| {readonly type: 'serving'; readonly socketPath: string};

/** Daemon → agent. `refused`: the generation is stale, exit and touch nothing. */
export type DaemonToAgent =
	| {readonly type: 'welcome'}
	| {readonly type: 'refused'; readonly reason: string}
	| {readonly type: 'commands'; readonly commands: readonly FleetCommand[]}
	| {readonly type: 'kill'; readonly instanceId: string; readonly signal: string};

export type ExecQuery = ExecOptions & {readonly instanceId: string};
export type AttachQuery = {
	readonly instanceId: string;
	readonly size?: {readonly columns: number; readonly rows: number};
};

/** `port`: a target port of its service, or one that the instance itself listens on here. */
export type ConnectQuery = {readonly instanceId: string; readonly port: number};

/**
 * How a session is opened on an agent's socket (`serving`): the daemon connects, writes this as one line of JSON, and reads
 * one line, a SessionAnswer. Not `ok`: it answers its client with that error. `ok`: it answers 101 and only copies bytes
 * from then on, both ways, until one side ends. An agent's socket may be gone at any time: `unreachable`.
 */
export type SessionRequest =
	| ({readonly type: 'exec'} & ExecQuery)
	/** To an instance that was started with a terminal or an open stdin, else `unsupported`. */
	| ({readonly type: 'attach'} & AttachQuery);

export type SessionAnswer = {readonly ok: true} | {readonly ok: false; readonly error: WireError};

/** Gateway → daemon. */
export type GatewayMessage =
	| {readonly type: 'hello'; readonly pid: number; readonly serial: number}
	/** About each second, where it has nothing else to say. */
	| {readonly type: 'heartbeat'}
	| {
			readonly type: 'applied';
			readonly serial: number;
			readonly failed: ReadonlyArray<{readonly published: number; readonly message: string}>;
	  }
	| {
			readonly type: 'stats';
			/** Since the start of the gateway. */
			readonly services: Readonly<Record<string, ServiceTraffic>>;
			/** Of the last seconds. */
			readonly instances: Readonly<Record<string, InstanceTraffic>>;
	  }
	/** Somebody waits for a service that has no targets. */
	| {readonly type: 'demand'; readonly serviceId: string};

export type ServiceTraffic = {
	readonly connections: number;
	readonly opened: number;
	/** Of HTTP only. */
	readonly requests?: number;
	/** Answered with 500 and above, or not in full. */
	readonly errors?: number;
	/** All answers together took so long. */
	readonly seconds?: number;
	/** How many answers took at most as long as each of the steps in gateway/traffic-window.ts. */
	readonly histogram?: readonly number[];
};

export type InstanceTraffic = {
	readonly connections: number;
	/** Of HTTP only. */
	readonly requests?: number;
	readonly errors?: number;
	readonly requestsPerSecond?: number;
	readonly errorsPerSecond?: number;
	readonly latencyP99Ms?: number;
};

/** Daemon → gateway. */
export type DaemonToGateway = {
	readonly type: 'table';
	readonly table: RoutingTable;
	/** What the table's routes with TLS need: PEM, certificate chain and key in one. */
	readonly certificates?: ReadonlyArray<{readonly secret: string; readonly version: number; readonly pem: string}>;
};
