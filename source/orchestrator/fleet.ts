import type {Image, InstanceStatus, InstanceTemplate} from '../core/model/index.ts';

/** All that an agent needs to run one instance; it keeps it, so that it can adopt the instance after its own death. */
export type Assignment = {
	readonly instanceId: string;
	readonly instanceName: string;
	readonly serviceId: string;
	readonly serviceName: string;
	readonly slot: number;
	readonly version: number;
	readonly nodeGeneration: number;
	readonly template: InstanceTemplate;
	/** Set when the template names an image; else it names an executable. */
	readonly image?: Image;
	/** The target ports, for each of which the agent finds a free one. */
	readonly targets: readonly number[];
	/** Where the volumes of its mounts lie, by their names. */
	readonly volumes?: Readonly<Record<string, string>>;
	/** The services that it can reach by name when it starts. */
	readonly peers?: ReadonlyArray<{readonly name: string; readonly host: string; readonly port: number}>;
	/** Where it can ask for those of later; of its first network. */
	readonly nameServer?: string;
	/** All that it is on. */
	readonly networks?: readonly string[];
};

/** One config or secret of an instance. Of this an agent keeps nothing but the files that the instance reads. */
export type DeliveredFile = {
	readonly kind: 'config' | 'secret';
	/** Its name. */
	readonly source: string;
	readonly version: number;
	readonly base64: string;
};

export type FleetCommand =
	/** `files`: absent where it is given none. */
	| {readonly type: 'run'; readonly assignment: Assignment; readonly files?: readonly DeliveredFile[]}
	/** What it reads as files is now this; who asked for it is sent a signal. Repeated: no effect. */
	| {readonly type: 'files'; readonly instanceId: string; readonly files: readonly DeliveredFile[]}
	/** Ends it by its stop signal, after the grace period by SIGKILL. Repeated: no effect. */
	| {readonly type: 'stop'; readonly instanceId: string; readonly reason: string}
	/** Its end is stored and its history is no longer kept: the folder may go. */
	| {readonly type: 'forget'; readonly instanceId: string};

/** What an agent says of one instance: always the whole status, so a report that is lost is mended by the next. */
export type InstanceReport = {readonly instanceId: string; readonly status: InstanceStatus};

export type NodeIdentity = {readonly id: string; readonly name: string; readonly generation: number};

/**
 * The nodes, as the orchestrator sees them. Nothing here answers: effects are started, and what comes of them arrives as
 * one of the `FleetEvents`. Real: source/daemon/processes/local-fleet.ts. Simulated: test and demo.
 */
export type Fleet = {
	/** To the node's present agent; dropped when there is none (at its next hello everything is sent anew). */
	send(nodeId: string, commands: readonly FleetCommand[]): void;
	/** Keeps an agent running under this generation, starting it again when it ends, until it is fenced or released. */
	keepRunning(node: NodeIdentity): void;
	/** Ends the agent and every process of the node's instances, each by its identity; then tells `fenced`. May be asked again. */
	fence(node: NodeIdentity): void;
	/** The node is gone for good (`node rm`): its agent ends, its folder goes. */
	release(node: NodeIdentity): void;
};

/** What the Fleet tells the orchestrator. */
export type FleetEvents = {
	/** An agent says hello with all its instances; the answer false refuses it (stale generation): it exits, touching nothing. */
	agentConnected(nodeId: string, generation: number, reports: readonly InstanceReport[]): boolean;
	/** False: refused. */
	agentHeartbeat(nodeId: string, generation: number): boolean;
	agentReported(nodeId: string, generation: number, reports: readonly InstanceReport[]): boolean;
	/** Agent and instances of this generation are gone for certain. */
	fenced(nodeId: string, generation: number): void;
};
