import type {World as Snapshot} from '../actions/action.ts';
import type {ClusterEvent, Service} from '../core/model/index.ts';
import type {UsageSum} from '../core/pulse/usage-sums.ts';
import type {Trends} from './live/trends.ts';

/** What the screens look at: what plans look at, and what is only shown. */
export type World = Snapshot & {
	readonly events: readonly ClusterEvent[];
	/** What the instances of each service use together, by its id. */
	readonly serviceUsage: ReadonlyMap<string, UsageSum>;
	/** Why an instance of a service is not up, or could not even be made, by the service's id. */
	readonly serviceReasons: ReadonlyMap<string, string>;
	/** What those on each node use together, by its id; what the node itself says is more. */
	readonly nodeSums: ReadonlyMap<string, UsageSum>;
	/** Found without a search. */
	service(id: string): Service | undefined;
	/** Samples of the CPU used, oldest first, by the id of a service or node, and for all nodes together under ''. */
	cpuHistory(id: string): readonly number[];
	/** The last hour of it. */
	readonly trends: Trends;
};

/** CPU in use on all nodes, in cores; undefined where no node was measured. */
export function usedCpus(nodes: Snapshot['nodes']): number | undefined {
	const measured = nodes.flatMap(({usage}) => (usage?.cpus === undefined ? [] : [usage.cpus]));
	return measured.length === 0 ? undefined : measured.reduce((sum, cpus) => sum + cpus, 0);
}
