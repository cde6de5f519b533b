export type Ulimit = {
	/** -1: no limit; so of `hard`. */
	readonly soft: number;
	readonly hard: number;
};

/**
 * What an engine of containers is told of each of them besides: docker's options that few services need. What is absent is as
 * the engine has it; an empty list or map, and what is only switched on, is absent. Which engine has which: core/spec/engine-options.ts.
 */
export type ContainerOptions = {
	/** Of the containers; those of the service are its own. */
	readonly labels?: Readonly<Record<string, string>>;
	readonly hostname?: string;
	/** Further names that a container knows: `NAME:ADDRESS`. */
	readonly hosts?: readonly string[];
	/** Addresses of name servers. */
	readonly dns?: readonly string[];
	readonly dnsSearch?: readonly string[];
	/** As in resolv.conf: `ndots:2`. */
	readonly dnsOptions?: readonly string[];
	/** Runs in the place of the image's own; the template's `command` are its arguments. */
	readonly entrypoint?: readonly string[];
	/** A small init is the first process, which hands signals on and takes up what is orphaned. */
	readonly init?: boolean;
	/** Further groups of the user, by name or number. */
	readonly groups?: readonly string[];
	/** The image's files cannot be written. */
	readonly readOnly?: boolean;
	/** From -1000 (ended last) to 1000 (first) where the memory runs out. */
	readonly oomScoreAdj?: number;
	/** Swap beyond the limit of memory; -1: no limit. */
	readonly swapBytes?: number;
	/** From 0, where only what cannot be kept is swapped out, to 100. */
	readonly swappiness?: number;
	/** `CAP_NET_ADMIN`, `ALL`. */
	readonly capAdd?: readonly string[];
	readonly capDrop?: readonly string[];
	readonly sysctls?: Readonly<Record<string, string>>;
	/** By their names: `nofile`. */
	readonly ulimits?: Readonly<Record<string, Ulimit>>;
	/** How Windows keeps containers apart. */
	readonly isolation?: 'process' | 'hyperv';
	/** Of a managed account of Windows: `config://NAME`, `file://NAME`, `registry://KEY`. */
	readonly credentialSpec?: string;
	/** Where the engine puts what is printed. */
	readonly log?: {readonly driver?: string; readonly options?: Readonly<Record<string, string>>};
	/** The health check that the image brings is not made. */
	readonly noHealthcheck?: boolean;
};
