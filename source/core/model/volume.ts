import type {Labels, Meta} from './meta.ts';

/** Writer: the user, through actions. What an engine does not know is absent. */
export type VolumeSpec = {
	readonly driver?: string;
	readonly labels: Labels;
	/** The driver's own. */
	readonly options?: Readonly<Record<string, string>>;
	/** Where it is to be made, on engines whose volumes lie on nodes; absent: the engine chooses. */
	readonly node?: string;
	/** What is asked for, where the engine gives out sizes. */
	readonly sizeBytes?: number;
	/** The engine's class of storage: a StorageClass. */
	readonly storageClass?: string;
};

/** Storage that outlives an instance. */
export type Volume = Meta & {
	readonly kind: 'volume';
	readonly spec: VolumeSpec;
	/** Where it lies, when it belongs to one node. */
	readonly nodeName?: string;
	/** The folder that holds it, on the engine's machine or node. */
	readonly path?: string;
	/** Why it cannot be used yet, or what else is to be said of its state. */
	readonly message?: string;
	/** Names of the services that mount it. */
	readonly usedBy: readonly string[];
};
