/** An instance that a drain does not simply move. */
export type Held = {
	readonly id: string;
	readonly name: string;
	/** What holds it on its node as things stand; where it goes, what goes with it for ever. */
	readonly why: string;
	readonly goes?: boolean;
};

/** How many of some instances may be ended now. */
export type Budget = {
	readonly name: string;
	/** So many more may be ended before others have come. */
	readonly allowed: number;
	readonly healthy: number;
	readonly wanted: number;
	/** Its figures are older than what is asked of it now: nothing may be ended until they have been counted. */
	readonly isUncounted: boolean;
	/** Unhealthy instances may always be ended; else while as many are healthy as must be. */
	readonly sparesUnhealthy: boolean;
	/** By their ids. */
	readonly covers: ReadonlySet<string>;
};

/** An instance that budgets are asked about: neither waiting to begin nor on its way out. */
export type Guarded = {readonly id: string; readonly name: string; readonly isHealthy: boolean};

/** What would be refused if all of these were to be ended now, one after the other. */
export function heldBack(instances: readonly Guarded[], budgets: readonly Budget[]): readonly Held[] {
	const spent = new Map<Budget, number>();
	return instances.flatMap(instance => {
		const {id, name} = instance;
		const about = budgets.filter(({covers}) => covers.has(id));
		const [budget, ...others] = about;
		if (budget === undefined) return [];
		if (others.length > 0) {
			const names = about.map(one => one.name).join(' and ');
			return [{id, name, why: `it has more than one disruption budget (${names}): no eviction is possible`}];
		}

		if (!instance.isHealthy && isSpared(budget)) return [];
		const used = spent.get(budget) ?? 0;
		if (!budget.isUncounted && used < budget.allowed) {
			spent.set(budget, used + 1);
			return [];
		}

		return [{id, name, why: whyHeld(budget)}];
	});
}

function isSpared({sparesUnhealthy, healthy, wanted}: Budget): boolean {
	return sparesUnhealthy || (wanted > 0 && healthy >= wanted);
}

function whyHeld({name, allowed, healthy, wanted, isUncounted}: Budget): string {
	if (isUncounted) return `disruption budget ${name}: it has not been counted yet what it allows`;
	return allowed > 0
		? `disruption budget ${name}: ${allowed} at a time`
		: `disruption budget ${name}: ${healthy} healthy, ${wanted} must be`;
}
