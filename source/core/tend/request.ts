/** What is done for a cluster beside autoscaling, which its services ask for themselves. */
export type TendRequest = {
	/** Services are spread over nodes that have come: so many instances of one at a time. */
	readonly spread?: {readonly mostMoves: number; readonly settleMs: number};
	/** Figures of services by name: a command whose last line is a number, or an http URL that answers with one. */
	readonly metrics: Readonly<Record<string, string>>;
	/** Commands that bring a host when instances lack room, and take one away that was brought and is empty. */
	readonly hosts?: {
		readonly bring: string;
		readonly take?: string;
		readonly most: number;
		readonly waitMs: number;
		readonly idleMs: number;
		readonly joinMs: number;
	};
};
