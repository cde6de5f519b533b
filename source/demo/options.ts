/** What `muster demo` shows. */
export type DemoOptions = {
	/** Everything follows from it, but for what is done by hand. */
	readonly seed: number;
	readonly nodes: number;
	readonly instances: number;
	/** How often per second an instance tells something new. */
	readonly changesPerSecond: number;
};
