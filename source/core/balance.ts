/** One target of a route, as it is at the moment when a new connection comes. */
export type TargetLoad = {
	/** Open now, those that are just being opened included. */
	readonly connections: number;
	/** The number of its last choice, counted over the route; 0: never chosen. */
	readonly lastChosen: number;
	/** It refused a connection: until then (monotonic) the others come first. */
	readonly avoidedUntilMs: number;
};

/**
 * Who takes the next connection: of those not tried for it yet, the one with the fewest connections; of several, the one
 * whose last choice is the longest ago. One that is avoided only when there is no other, one that has `limit` connections
 * never. Undefined: none is left.
 */
export function pickTarget<T extends TargetLoad>(
	targets: Iterable<T>,
	tried: ReadonlySet<T>,
	nowMs: number,
	limit = Number.POSITIVE_INFINITY,
): T | undefined {
	let best: T | undefined;
	for (const target of targets) {
		if (!tried.has(target) && target.connections < limit && (best === undefined || isBetter(target, best, nowMs))) {
			best = target;
		}
	}

	return best;
}

function isBetter(one: TargetLoad, other: TargetLoad, nowMs: number): boolean {
	const isAvoided = one.avoidedUntilMs > nowMs;
	if (isAvoided !== other.avoidedUntilMs > nowMs) {
		return !isAvoided;
	}

	return one.connections === other.connections
		? one.lastChosen < other.lastChosen
		: one.connections < other.connections;
}
