/** What a plan will bring, for people: `5 new (n1 +2, n2 +2, n3 +1), nothing stops`. `blocked` lines are reasons against it. */
export type Preview = {
	readonly summary: string;
	readonly rows: readonly PreviewRow[];
};

export type PreviewRow = {
	readonly name: string;
	readonly change: string;
	readonly note?: string;
	readonly blocked?: boolean;
};
