import type {Instant, NodeRole} from './model/index.ts';
import type {Ref} from './requests.ts';

/** How an engine takes part in a swarm; what is absent is as the engine has it by default. */
export type JoinOptions = {
	/** `10.0.0.5`, `eth0`, each with `:2377` where it is another port. */
	readonly advertiseAddr?: string | undefined;
	readonly listenAddr?: string | undefined;
	readonly dataPathAddr?: string | undefined;
	readonly availability?: 'active' | 'pause' | 'drain' | undefined;
};

/** What holds for a whole swarm. */
export type SwarmSettings = {
	/** Managers that start want a key before they take part. */
	readonly autolock?: boolean | undefined;
	readonly taskHistoryLimit?: number | undefined;
	readonly certExpiryMs?: number | undefined;
	readonly heartbeatMs?: number | undefined;
	readonly snapshotInterval?: number | undefined;
	readonly maxSnapshots?: number | undefined;
};

export type InitOptions = JoinOptions &
	SwarmSettings & {
		readonly dataPathPort?: number | undefined;
		readonly addressPools?: readonly string[] | undefined;
		readonly addressPoolMask?: number | undefined;
		readonly forceNewCluster?: boolean | undefined;
	};

export type SwarmFacts = {
	readonly id: string;
	readonly createdAt: Instant;
	readonly settings: Required<SwarmSettings>;
	/** The addresses at which managers take others in. */
	readonly managers: readonly string[];
	/** A new root certificate is on its way to the nodes. */
	readonly rotatingCa: boolean;
	/** The root certificate, PEM. */
	readonly caCertificate: string;
};

/** Who belongs to a swarm of engines, and what lets them in. What is secret of it is told only where it is asked for. */
export type MembershipFacet = {
	/** Makes the engine of this context the first node of a new swarm; answers with the node's id. */
	init(options: InitOptions): Promise<string>;
	facts(): Promise<SwarmFacts>;
	update(settings: SwarmSettings): Promise<void>;
	/** Lets whoever has it join. */
	joinToken(role: NodeRole): Promise<string>;
	/** The one before lets nobody in any more. */
	rotateJoinToken(role: NodeRole): Promise<void>;
	/** Takes the engine at this address in. Comes back when it is ready, with its name. */
	join(address: string, role: NodeRole, options: JoinOptions): Promise<string>;
	/** The node's engine leaves; absent: that of this context. Forced, a manager does, whatever becomes of the others. */
	leave(node: Ref<'node'> | undefined, force: boolean): Promise<void>;
	/** Undefined: managers are not locked. */
	unlockKey(): Promise<string | undefined>;
	rotateUnlockKey(): Promise<void>;
	/** Lets a manager that was started take part again; absent: that of this context. */
	unlock(key: string, node: Ref<'node'> | undefined): Promise<void>;
	/** A new root certificate, from which every node gets one of its own. */
	rotateCa(): Promise<void>;
};
