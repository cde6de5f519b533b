/** An engine and how it is reached; found, not yet asked. */
export type ContextEntry = {
	/** `local`, `swarm:prod`, `k8s:dev`. */
	readonly name: string;
	/** `local`, `swarm`, `k8s`. */
	readonly engine: string;
	/** How it is reached. */
	readonly endpoint: string;
	/** The one that the engine's own tools use at present. */
	readonly current?: boolean;
};
