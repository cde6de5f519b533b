import type {Bounds, Instance, Usage} from '../model/index.ts';

/** What several instances use together. A figure that none of them was measured for is absent. */
export type UsageSum = Usage & {
	/** Of how many instances. */
	readonly measured: number;
	/** Of each, where one says more than its service's template. */
	readonly bounds?: Bounds;
};

export type UsageSums = {
	/** By the id of the service, and of the node; one none of whose instances was measured is absent. */
	readonly services: ReadonlyMap<string, UsageSum>;
	readonly nodes: ReadonlyMap<string, UsageSum>;
};

const added = ['cpus', 'memoryBytes', 'requestsPerSecond', 'errorsPerSecond', 'connections'] as const;

type Sum = {-readonly [F in keyof UsageSum]: UsageSum[F]};

/** One pass over the instances; `usageOf`: where their figures are not in themselves. */
export function sumUsage(
	instances: Iterable<Instance>,
	usageOf: (instance: Instance) => Usage | undefined = ({usage}) => usage,
): UsageSumming {
	const summing = new UsageSumming();
	for (const instance of instances) {
		summing.add(instance, usageOf(instance));
	}

	return summing;
}

/** Sums to which one instance after the other is added. */
export class UsageSumming implements UsageSums {
	readonly services = new Map<string, Sum>();
	readonly nodes = new Map<string, Sum>();
	/** Why an instance of a service is not up, by the service's id: one of the reasons that there are. */
	readonly reasons = new Map<string, string>();

	add(instance: Instance, usage: Usage | undefined): void {
		const {serviceId, nodeId, bounds} = instance;
		const reason = reasonDown(instance);
		if (reason !== undefined) {
			this.reasons.set(serviceId, reason);
		}

		if (usage !== undefined) {
			const sum = add(this.services, serviceId, usage);
			if (bounds !== undefined) {
				sum.bounds = bounds;
			}

			if (nodeId !== undefined) {
				add(this.nodes, nodeId, usage);
			}
		}
	}
}

/** Why one that is meant to run is not up, as far as it says; undefined: it is, or is on its way. */
export function reasonDown({desired, status}: Instance): string | undefined {
	const {state, health, reason} = status;
	const isDown = health === 'unhealthy' ? state !== 'running' : ['pending', 'rejected', 'failed'].includes(state);
	return isDown && desired === 'running' ? reason : undefined;
}

function add(sums: Map<string, Sum>, id: string, usage: Usage): Sum {
	let sum = sums.get(id);
	if (sum === undefined) {
		sum = {at: usage.at, measured: 0};
		sums.set(id, sum);
	}

	sum.measured++;
	sum.at = Math.max(sum.at, usage.at);
	for (const figure of added) {
		const value = usage[figure];
		if (value !== undefined) {
			sum[figure] = (sum[figure] ?? 0) + value;
		}
	}

	// All but a hundredth of what the slowest of them answered: of all together it is no more.
	if (usage.latencyP99Ms !== undefined) {
		sum.latencyP99Ms = Math.max(sum.latencyP99Ms ?? 0, usage.latencyP99Ms);
	}

	return sum;
}

/** What a node says of itself; of the requests, what its instances answer together. */
export function nodeUsage(own: Usage | undefined, ofInstances: UsageSum | undefined): Usage | undefined {
	if (own === undefined || ofInstances === undefined) {
		return own;
	}

	const {requestsPerSecond, errorsPerSecond, latencyP99Ms, connections} = ofInstances;
	const traffic = {requestsPerSecond, errorsPerSecond, latencyP99Ms, connections};
	return {...Object.fromEntries(Object.entries(traffic).filter(([, value]) => value !== undefined)), ...own};
}

/** A part of a whole, where both are known and there is a whole. */
export function shareOf(used: number | undefined, whole: number | undefined): number | undefined {
	return used === undefined || whole === undefined || whole <= 0 ? undefined : used / whole;
}
