import type {HealthCheck} from './health-check.ts';
import type {Meta} from './meta.ts';

/** A folder with an image.yaml: what a process instance is made from. */
export type Image = Meta & {
	readonly kind: 'image';
	readonly command: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	/** The default target port. */
	readonly port?: number;
	/** It answers at the unix socket MUSTER_SOCKET, too; absent: it does not. */
	readonly socket?: boolean;
	readonly health?: HealthCheck;
	/** The folder that it was read from, on the engine's machine. */
	readonly path: string;
	readonly origin: 'built in' | 'added';
	readonly description?: string;
};
