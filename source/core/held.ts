/** An instance that a drain does not simply move. */
export type Held = {
	readonly id: string;
	readonly name: string;
	/** What holds it on its node as things stand; where it goes, what goes with it for ever. */
	readonly why: string;
	readonly goes?: boolean;
};
