// What a pod mounts, and where.

export type WireMount = {
	readonly name: string;
	readonly mountPath: string;
	readonly readOnly?: boolean;
	readonly subPath?: string;
};

/** Of what a config or secret holds: all of it, or these files under these names. */
type WireFiles = {
	readonly defaultMode?: number;
	readonly items?: ReadonlyArray<{readonly key: string; readonly path: string; readonly mode?: number}>;
};

export type WireVolume = {
	readonly name: string;
	readonly persistentVolumeClaim?: {readonly claimName: string};
	readonly hostPath?: {readonly path: string};
	readonly emptyDir?: {readonly medium?: string; readonly sizeLimit?: string | number};
	readonly configMap?: {readonly name?: string} & WireFiles;
	readonly secret?: {readonly secretName?: string} & WireFiles;
};
