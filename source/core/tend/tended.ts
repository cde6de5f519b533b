/** A context that muster's daemon tends, and what the process that does so has said last. */
export type TendedContext = {
	readonly context: string;
	/** What it does, for people. */
	readonly does: string;
	/** Absent: nothing was said yet. */
	readonly state?: {
		/** `me`, `nobody`, or who else. */
		readonly owner: string;
		/** Why it cannot do what it is for; absent: it can. */
		readonly error?: string;
		/** The last decision about each service with a policy, by name. */
		readonly autoscale: Readonly<Record<string, {readonly replicas: number; readonly reason: string}>>;
		readonly spread?: string;
		readonly hosts?: {readonly brought: readonly string[]; readonly reason: string};
	};
};

/** How that stands, a line for each thing. */
export function tendedLines({state}: TendedContext): readonly string[] {
	const owner = state === undefined ? 'its process has not said anything yet' : ownerText(state.owner);
	return [
		state?.error ?? owner,
		...Object.entries(state?.autoscale ?? {}).map(([name, {replicas, reason}]) => `${name} ${replicas}: ${reason}`),
		...(state?.spread === undefined ? [] : [`spread: ${state.spread}`]),
		...(state?.hosts === undefined ? [] : [`hosts: ${[...state.hosts.brought, state.hosts.reason].join(', ')}`]),
	];
}

function ownerText(owner: string): string {
	if (owner === 'me') return 'in charge';
	return owner === 'nobody' ? 'nobody is in charge yet' : `${owner} is in charge; this one waits`;
}
