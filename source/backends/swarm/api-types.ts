// What of the Docker API's objects is read or written here; everything else of them survives as it came.

export type Version = {readonly Index: number};

export type RawMeta = {
	readonly ID: string;
	readonly Version: Version;
	readonly CreatedAt: string;
	readonly UpdatedAt: string;
};

export type RawResources = {NanoCPUs?: number; MemoryBytes?: number};

export type RawHealthcheck = {
	Test?: string[];
	/** Nanoseconds, all of them. */
	Interval?: number;
	Timeout?: number;
	Retries?: number;
	StartPeriod?: number;
	StartInterval?: number;
};

export type RawContainerSpec = {
	Image?: string;
	Command?: string[];
	Args?: string[];
	Env?: string[];
	Dir?: string;
	User?: string;
	TTY?: boolean;
	OpenStdin?: boolean;
	StopSignal?: string;
	StopGracePeriod?: number;
	Healthcheck?: RawHealthcheck;
	Labels?: Record<string, string>;
	Hostname?: string;
	/** Lines of /etc/hosts. */
	Hosts?: string[];
	DNSConfig?: RawDnsConfig;
	Init?: boolean | null;
	Groups?: string[];
	ReadOnly?: boolean;
	OomScoreAdj?: number;
	CapabilityAdd?: string[];
	CapabilityDrop?: string[];
	Sysctls?: Record<string, string>;
	Ulimits?: Array<{Name: string; Soft: number; Hard: number}>;
	Isolation?: string;
	Privileges?: {CredentialSpec?: {Config?: string; File?: string; Registry?: string} | null; [other: string]: unknown};
	Mounts?: RawMount[];
	Configs?: RawFileReference[];
	Secrets?: RawFileReference[];
	[other: string]: unknown;
};

export type RawDnsConfig = {Nameservers?: string[]; Search?: string[]; Options?: string[]};

export type RawGenericResource = {
	DiscreteResourceSpec?: {Kind: string; Value: number};
	NamedResourceSpec?: {Kind: string; Value: string};
};

export type RawMount = {
	Type: string;
	Source?: string;
	Target: string;
	ReadOnly?: boolean;
	TmpfsOptions?: {SizeBytes?: number; Mode?: number};
	[other: string]: unknown;
};

export type RawFileReference = {
	File?: {Name?: string; UID?: string; GID?: string; Mode?: number};
	ConfigID?: string;
	ConfigName?: string;
	SecretID?: string;
	SecretName?: string;
	[other: string]: unknown;
};

export type RawUpdateConfig = {
	Parallelism?: number;
	Delay?: number;
	FailureAction?: string;
	Monitor?: number;
	MaxFailureRatio?: number;
	Order?: string;
};

/** One that an image can run on; an empty architecture is any. */
export type RawPlatform = {Architecture?: string; OS?: string};

/** What a registry tells of an image, by way of the engine. */
export type RawDistribution = {
	readonly Descriptor: {readonly digest: string};
	readonly Platforms?: ReadonlyArray<{readonly architecture?: string; readonly os?: string}> | null;
};

export type RawTaskSpec = {
	Networks?: Array<{Target: string; Aliases?: string[]; [other: string]: unknown}>;
	ContainerSpec?: RawContainerSpec;
	Resources?: {
		Limits?: RawResources & {Pids?: number};
		Reservations?: RawResources & {GenericResources?: RawGenericResource[]};
		/** Beyond the limit of memory; -1: no limit. */
		SwapBytes?: number;
		MemorySwappiness?: number;
	};
	LogDriver?: {Name?: string; Options?: Record<string, string>};
	RestartPolicy?: {Condition?: string; Delay?: number; MaxAttempts?: number; Window?: number};
	Placement?: {
		Constraints?: string[];
		Preferences?: Array<{Spread?: {SpreadDescriptor: string}}>;
		MaxReplicas?: number;
		Platforms?: RawPlatform[];
	};
	ForceUpdate?: number;
	Runtime?: string;
	[other: string]: unknown;
};

export type RawPort = {
	Name?: string;
	Protocol?: string;
	TargetPort: number;
	PublishedPort?: number;
	PublishMode?: string;
};

export type RawServiceSpec = {
	Name: string;
	Labels?: Record<string, string>;
	TaskTemplate: RawTaskSpec;
	Mode?: {
		Replicated?: {Replicas?: number};
		Global?: object;
		ReplicatedJob?: {MaxConcurrent?: number; TotalCompletions?: number};
		GlobalJob?: object;
	};
	EndpointSpec?: {Mode?: string; Ports?: RawPort[]};
	UpdateConfig?: RawUpdateConfig;
	RollbackConfig?: RawUpdateConfig;
	[other: string]: unknown;
};

export type RawService = RawMeta & {
	readonly Spec: RawServiceSpec;
	readonly PreviousSpec?: RawServiceSpec;
	readonly Endpoint?: {readonly Ports?: readonly RawPort[]};
	readonly UpdateStatus?: {
		readonly State?: string;
		readonly StartedAt?: string;
		readonly CompletedAt?: string;
		readonly Message?: string;
	};
	readonly ServiceStatus?: {
		readonly RunningTasks: number;
		readonly DesiredTasks: number;
		readonly CompletedTasks?: number;
	};
	readonly JobStatus?: {readonly JobIteration?: Version};
};

export type RawTask = RawMeta & {
	readonly Spec: RawTaskSpec;
	readonly ServiceID?: string;
	readonly Slot?: number;
	readonly NodeID?: string;
	readonly DesiredState: string;
	readonly JobIteration?: Version;
	readonly Status: {
		readonly Timestamp: string;
		readonly State: string;
		readonly Message?: string;
		readonly Err?: string;
		readonly ContainerStatus?: {readonly ContainerID?: string; readonly PID?: number; readonly ExitCode?: number};
		readonly PortStatus?: {readonly Ports?: readonly RawPort[]};
	};
};

export type RawNodeSpec = {
	Name?: string;
	Labels?: Record<string, string>;
	Role: 'worker' | 'manager';
	Availability: 'active' | 'pause' | 'drain';
};

export type RawNode = RawMeta & {
	readonly Spec: RawNodeSpec;
	readonly Description: {
		readonly Hostname?: string;
		readonly Resources?: RawResources;
		readonly Engine?: {readonly EngineVersion?: string; readonly Labels?: Readonly<Record<string, string>>};
	};
	readonly Status: {readonly State: string; readonly Message?: string; readonly Addr?: string};
	readonly ManagerStatus?: {readonly Leader?: boolean; readonly Reachability?: string; readonly Addr?: string};
};

export type RawInfo = {
	readonly Name?: string;
	readonly ServerVersion?: string;
	readonly Swarm?: {
		readonly NodeID?: string;
		readonly NodeAddr?: string;
		readonly LocalNodeState?: string;
		readonly ControlAvailable?: boolean;
		readonly Error?: string;
		readonly RemoteManagers?: ReadonlyArray<{readonly NodeID: string; readonly Addr: string}> | null;
		readonly Cluster?: {readonly ID?: string};
	};
};

export type RawEvent = {
	readonly Type?: string;
	readonly Action?: string;
	readonly Actor?: {readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>>};
	readonly scope?: string;
	readonly time?: number;
	readonly timeNano?: number;
};

export type RawNetwork = {
	readonly Id: string;
	readonly Name: string;
	readonly Created?: string;
	readonly Scope?: string;
	readonly Driver?: string;
	readonly Internal?: boolean;
	readonly Attachable?: boolean;
	readonly Ingress?: boolean;
	readonly IPAM?: {
		readonly Config?: ReadonlyArray<{
			readonly Subnet?: string;
			readonly Gateway?: string;
			readonly IPRange?: string;
		}> | null;
	};
	readonly Options?: Readonly<Record<string, string>> | null;
	readonly Labels?: Readonly<Record<string, string>> | null;
};

export type RawVolume = {
	readonly Name: string;
	readonly CreatedAt?: string;
	readonly Driver?: string;
	readonly Mountpoint?: string;
	readonly Labels?: Readonly<Record<string, string>> | null;
	readonly Options?: Readonly<Record<string, string>> | null;
};

/** Where it lies is known from whose engine told it. */
export type NodeVolume = {readonly raw: RawVolume; readonly nodeId: string; readonly nodeName: string};

/** A config, or a secret, whose data is never told. */
export type RawFile = RawMeta & {
	readonly Spec: {Name: string; Labels?: Record<string, string>; Data?: string; [other: string]: unknown};
};
