/** What may be done in a context, and how it is confirmed. */
export type Policy = {
	readonly readOnly: boolean;
	/** Actions (by id) that want the object's name to be typed. */
	readonly typedFor: ReadonlySet<string>;
};

/** How the dashboard looks and what its keys do, as its user wants it. */
export type Settings = {
	readonly policy: Policy;
};

export const defaultSettings: Settings = {policy: {readOnly: false, typedFor: new Set()}};
