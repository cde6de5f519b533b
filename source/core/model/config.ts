import type {Labels, Meta} from './meta.ts';

/** Files by their names. An engine whose configs are one file each (local, Swarm) has it under `data`. Text, or base64. */
export type FileData = Readonly<Record<string, string | {readonly base64: string}>>;

/** The name of the only file, where a config is one. */
export const onlyFile = 'data';

/** Writer: the user, through actions. */
export type ConfigSpec = {readonly labels: Labels; readonly data: FileData};

/** Files that instances read. */
export type Config = Meta & {
	readonly kind: 'config';
	readonly spec: ConfigSpec;
	/** Counts its contents, from 1; absent where the engine keeps no versions. */
	readonly version?: number;
	/** Names of the services that read it. */
	readonly usedBy: readonly string[];
};

/** Writer: the user, through actions. `data` is only ever written: no list, watch or answer carries it. */
export type SecretSpec = {readonly labels: Labels; readonly data?: FileData};

/** A config that nobody is shown. */
export type Secret = Meta & {
	readonly kind: 'secret';
	readonly spec: SecretSpec;
	/** The engine's own type of it (`kubernetes.io/tls`). */
	readonly type?: string;
	/** The names of its files. */
	readonly files: readonly string[];
	readonly version?: number;
	readonly usedBy: readonly string[];
};
