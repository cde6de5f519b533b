import type {AccessFacet, Listening} from './access.ts';
import type {ClusterError} from './error.ts';
import type {Held} from './held.ts';
import type {MembershipFacet} from './membership.ts';
import type {Instant, Kind, Objects, Revision, ServiceSpec, ServiceVersion, Taint} from './model/index.ts';
import type {UsageSums} from './pulse/usage-sums.ts';
import type {Change, Patch, Query, Ref, Snapshot, SpecOf, WritableKind, WriteOptions} from './requests.ts';
import type {ResourceFacet} from './resource/facet.ts';
import type {TendFacet} from './tend/facet.ts';

export type * from './requests.ts';

/** How a backend does what it can do. */
export type Backend = {
	/** The context's name: `local`, `swarm:prod`, `k8s:dev`. */
	readonly name: string;
	/** Engine and version for the header: `local 0.1.0`. */
	readonly engine: string;
	/** The kinds that this engine has; another one is `unsupported`. */
	readonly kinds: readonly Kind[];
	/** `arrived` is told what has come of a long list before its end, where the engine can tell; the answer holds all of it. */
	list<K extends Kind>(
		query: Query<K>,
		signal?: AbortSignal,
		arrived?: (objects: ReadonlyArray<Objects[K]>) => void,
	): Promise<Snapshot<K>>;
	/** Every change after `since` and no other, each once, in order; throws `expired` when `since` is too old to tell. Ends
	 *  when the signal aborts; throws `unreachable` when the connection is lost. */
	watch<K extends Kind>(query: Query<K>, since: Revision, signal: AbortSignal): AsyncIterable<Change<K>>;
	/** Creates or patches; what the model does not know survives. Answers with the object as written. */
	apply<K extends WritableKind>(ref: Ref<K>, patch: Patch<SpecOf<K>>, options: WriteOptions): Promise<Objects[K]>;
	/** Asks for removal; the object goes when what it holds has ended. */
	remove(ref: Ref, options: WriteOptions): Promise<void>;
	/** What this engine can do beyond that; absent: it cannot. */
	readonly facets: Partial<Facets>;
	close(): void;
};

export type LogLine = {
	readonly at: Instant;
	readonly instanceId: string;
	/** Of an instance with several containers with its container behind it: `web-1/proxy`. */
	readonly instanceName: string;
	/** Which of several has written it. */
	readonly container?: string;
	readonly stream: 'stdout' | 'stderr';
	/** Without its line break; raw, so strip it before a terminal. */
	readonly text: string;
};

export type LogQuery = {
	readonly instanceIds: readonly string[];
	/** Goes on with new lines; with `serviceId`, instances that come later join. */
	readonly follow: boolean;
	readonly serviceId?: string;
	readonly sinceAt?: Instant;
	/** Only the last so many of each instance. */
	readonly tail?: number;
	/** Of instances with several containers only this one; absent: all. */
	readonly container?: string;
	/** Of the container that ran before the last restart. */
	readonly previous?: boolean;
};

export type LogMissed = (instanceName: string, error: ClusterError) => void;

/** A terminal or pipe into an instance. */
export type Session = {
	/** Output as it comes; of a session without tty stdout and stderr are told apart. */
	readonly output: AsyncIterable<{readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array}>;
	write(data: Uint8Array): void;
	/** When more can be taken; for who writes a lot. Absent: at any time. */
	drained?(): Promise<void>;
	/** No more input. */
	end(): void;
	resize(columns: number, rows: number): void;
	/** The exit code, when the other side has ended; of an attach that was left, undefined. */
	readonly exit: Promise<number | undefined>;
	close(): void;
};

export type ExecOptions = {
	readonly command: readonly string[];
	readonly tty: boolean;
	readonly stdin: boolean;
	readonly env?: Readonly<Record<string, string>>;
	readonly workdir?: string;
	readonly size?: {readonly columns: number; readonly rows: number};
	/** Of an instance with several; absent: the first. */
	readonly container?: string;
};

/** Bytes to a port of an instance and back. */
export type Tunnel = {
	/** Ends when the other side has ended it; throws why, where it broke. */
	readonly output: AsyncIterable<Uint8Array>;
	write(data: Uint8Array): void;
	/** When more can be taken. */
	drained(): Promise<void>;
	/** No more is written; what still comes is read. */
	end(): void;
	close(): void;
};

export type FilesOptions = {
	/** Of an instance with several; absent: the usual one. */
	readonly container?: string | undefined;
	readonly signal?: AbortSignal | undefined;
};

/** Files inside of instances, as tar archives. A path that does not begin with / begins in the working folder. */
export type FilesFacet = {
	/** What is there, links followed; undefined: nothing. */
	stat(instance: Ref<'instance'>, path: string, options?: FilesOptions): Promise<'file' | 'folder' | undefined>;
	/** An archive of what is there: the first part of each name in it, whatever it says, stands for the path itself. */
	read(instance: Ref<'instance'>, path: string, options?: FilesOptions): AsyncIterable<Uint8Array>;
	/** Unpacks an archive in a folder that is there. */
	write(
		instance: Ref<'instance'>,
		folder: string,
		archive: AsyncIterable<Uint8Array>,
		options?: FilesOptions,
	): Promise<void>;
};

/** One taint that is set, or taken away; without an effect: all of this key. */
export type TaintChange =
	| {readonly set: Taint}
	| {readonly remove: {readonly key: string; readonly effect?: Taint['effect'] | undefined}};

/** What an engine tells of an object beyond the model, under a heading. */
export type Detail = {readonly title: string; readonly rows: ReadonlyArray<readonly [label: string, text: string]>};

/** Whether the user may do what a key or command does; known for sure only by doing it. */
export type PermissionFacet = {
	/** Why an action (by its id) is not allowed; undefined: it is, or nobody has answered yet. Then `subscribe` tells. */
	refusal(
		action: string,
		/** `type`: of a resource, what finds its kind. */
		target: {readonly id: string; readonly scope?: string | undefined; readonly type?: string | undefined} | undefined,
	): string | undefined;
	subscribe(listener: () => void): () => void;
};

export type DebugOptions = {
	readonly image: string;
	/** Empty: what the image says. */
	readonly command: readonly string[];
	readonly tty: boolean;
	readonly stdin: boolean;
	/** The container whose processes it sees. */
	readonly target?: string | undefined;
	readonly size?: {readonly columns: number; readonly rows: number} | undefined;
};

/** One part of the control plane. */
export type ComponentHealth = {
	readonly name: string;
	/** `unknown`: whoever asks may not see it. */
	readonly state: 'ok' | 'warning' | 'unknown' | 'failed';
	readonly message: string;
};

export type NamespaceFacet = {
	/** The one that is looked at; undefined: all of them. */
	readonly current: string | undefined;
	list(signal?: AbortSignal): Promise<readonly string[]>;
};

export type MetricsFacet = {
	/** Everything that is measured, in the text format of Prometheus; and where else it is given. */
	read(): Promise<{readonly text: string; readonly listening?: Listening}>;
	/** Gives it by plain HTTP on a loopback address, also after a restart; undefined: no more. */
	listen(where: {readonly host: string; readonly port: number} | undefined): Promise<Listening | undefined>;
};

export type Facets = {
	readonly tend: TendFacet;
	readonly namespaces: NamespaceFacet;
	/** A removal can be told what becomes of what belongs to it. */
	readonly cascades: true;
	/** Requests to instances are counted and timed; elsewhere there is no place for such figures. */
	readonly traffic: true;
	readonly resources: ResourceFacet;
	readonly membership: MembershipFacet;
	/**
	 * `missed` is told of each of several whose log cannot be read now, and the others are read; without it, that ends it. `opened` is
	 * called when the engine has answered: what does not come from then on has not been written.
	 */
	logs(query: LogQuery, signal: AbortSignal, missed?: LogMissed, opened?: () => void): AsyncIterable<LogLine>;
	exec(instance: Ref<'instance'>, options: ExecOptions): Promise<Session>;
	readonly files: FilesFacet;
	readonly permissions: PermissionFacet;
	/** All that the engine knows of an object beyond the model. */
	details(ref: Ref<'instance' | 'node'>): Promise<readonly Detail[]>;
	/** Ends an instance; what it belongs to makes another. Without `force` only where nothing is endangered by that. */
	evict(instance: Ref<'instance'>, options: {readonly force: boolean; readonly graceMs?: number}): Promise<void>;
	/** A container of another image within an instance, joined. */
	debug(instance: Ref<'instance'>, options: DebugOptions): Promise<Session>;
	/** What of a node a drain could not take away now, and what holds it. */
	held(node: Ref<'node'>): Promise<readonly Held[]>;
	/** Sets and takes away what keeps instances away from a node. */
	taint(node: Ref<'node'>, changes: readonly TaintChange[]): Promise<void>;
	/** To a port that something in the instance listens on. Throws where nothing does, or where the instance does not run. */
	connect(instance: Ref<'instance'>, port: number, signal?: AbortSignal): Promise<Tunnel>;
	attach(instance: Ref<'instance'>, size?: {readonly columns: number; readonly rows: number}): Promise<Session>;
	/** Sends a signal to the instance's process group; what its restart policy says follows. */
	kill(instance: Ref<'instance'>, signal: string): Promise<void>;
	/** A power cut on purpose: back after the time. */
	failNode(node: Ref<'node'>, forMs: number): Promise<void>;
	/** Brings each up on a better node, and stops it where it is once that is healthy; tried once. */
	moveInstances(instances: ReadonlyArray<Ref<'instance'>>): Promise<void>;
	addImage(path: string, name?: string): Promise<Objects['image']>;
	/** Who may come by TCP, and where to. */
	readonly access: AccessFacet;
	readonly metrics: MetricsFacet;
	health(): Promise<readonly ComponentHealth[]>;
	/** Requests that were made to the control plane within the last minute. */
	requestRate(): number;
	/** What the instances of each service and each node use together, where that is known without a list of them all. */
	usageSums(signal: AbortSignal): Promise<UsageSums>;
	/** Throws `unsupported` where a spec asks for what this engine never has, so that it is known before anything is asked. */
	refuseSpec(spec: ServiceSpec, before: ServiceSpec | undefined): void;
	/** The kept versions of a service's template, the newest first. */
	history(service: Ref<'service'>): Promise<readonly ServiceVersion[]>;
	/** Runs what has a schedule now, besides; answers with the name of what was made. */
	trigger(service: Ref<'service'>): Promise<string>;
};
