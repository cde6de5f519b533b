/** Membership of a network; by its name. */
export type NetworkAttachment = {
	readonly network: string;
	/** Further names by which the others on it find the service; its own name always is one. */
	readonly aliases?: readonly string[];
};

export type MountType = 'volume' | 'bind' | 'tmpfs';

/** A folder that is given to an instance. */
export type Mount = {
	/** `volume`: kept by the engine; without a source it lives and dies with the instance. `bind`: a folder of the node.
	 *  `tmpfs`: in memory, gone with the instance. */
	readonly type: MountType;
	/** Of a volume its name, of a bind an absolute path. */
	readonly source?: string;
	/** Where the instance finds it: an absolute path, or (where the runtime allows it) one below its working folder. */
	readonly target: string;
	readonly readOnly?: boolean;
	/** Volume: each slot has its own, called `SOURCE-SLOT`. */
	readonly perSlot?: boolean;
	/** Tmpfs: at most so much. */
	readonly sizeBytes?: number;
};

/** A config or a secret that is given to an instance as a file. */
export type FileAttachment = {
	/** The config's or secret's name. */
	readonly source: string;
	/** Which of its files, where it may have several (Kubernetes): it lies at the target. Absent there: its only one, which the
	 *  engine fills in, or all of them, as a folder. */
	readonly key?: string;
	/** A file name in the folder of configs or secrets, or an absolute path; absent: the source's name. */
	readonly target?: string;
	/** As in chmod; absent: 0444 of a config, 0400 of a secret. */
	readonly mode?: number;
	readonly uid?: string;
	readonly gid?: string;
	/** The version that is given. The engine fills in the newest when a service is written, but for `onChange` other than
	 *  `update`, where it stays absent: always the newest. */
	readonly version?: number;
	/** What a new version brings about. `update`, the default: the service is updated, instance by instance; `none`: the file
	 *  is written anew; a signal: that, and the signal is sent. */
	readonly onChange?: 'update' | 'none' | `SIG${string}`;
};
