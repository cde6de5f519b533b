import type {World as Snapshot} from '../actions/action.ts';
import type {ClusterEvent, Instance, Usage} from '../core/model/index.ts';
import type {Trends} from './trends.ts';

/** What the screens look at: what plans look at, and what is only shown. */
export type World = Snapshot & {
	readonly events: readonly ClusterEvent[];
	/** What the instances of each service use together, by its id. */
	readonly serviceUsage: ReadonlyMap<string, Usage>;
	/** Samples of the CPU used, oldest first, by the id of a service or node, and for all nodes together under ''. */
	cpuHistory(id: string): readonly number[];
	/** The last hour of it. */
	readonly trends: Trends;
};

/** Sums of what was measured; a service none of whose instances was measured is absent. */
export function usageByService(instances: readonly Instance[]): ReadonlyMap<string, Usage> {
	const sums = new Map<string, {cpus?: number; memoryBytes?: number; requestsPerSecond?: number; at: number}>();
	for (const {serviceId, usage} of instances) {
		if (usage === undefined) {
			continue;
		}

		let sum = sums.get(serviceId);
		if (sum === undefined) {
			sum = {at: usage.at};
			sums.set(serviceId, sum);
		}

		if (usage.cpus !== undefined) {
			sum.cpus = (sum.cpus ?? 0) + usage.cpus;
		}

		if (usage.memoryBytes !== undefined) {
			sum.memoryBytes = (sum.memoryBytes ?? 0) + usage.memoryBytes;
		}

		if (usage.requestsPerSecond !== undefined) {
			sum.requestsPerSecond = (sum.requestsPerSecond ?? 0) + usage.requestsPerSecond;
		}
	}

	return sums;
}

/** CPU in use on all nodes, in cores; undefined where no node was measured. */
export function usedCpus(nodes: Snapshot['nodes']): number | undefined {
	const measured = nodes.flatMap(({usage}) => (usage?.cpus === undefined ? [] : [usage.cpus]));
	return measured.length === 0 ? undefined : measured.reduce((sum, cpus) => sum + cpus, 0);
}
