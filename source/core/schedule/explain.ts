import type {ClusterView, CountByRoom} from './cluster-view.ts';
import {type Demand, demandOf, type PendingInstance} from './demand.ts';
import {refuse} from './filters.ts';
import type {Verdict} from './refusal.ts';
import type {Room} from './room.ts';

/** What stands in the way of one pending instance on each node, in the order of their names; `refusal` absent: nothing does. */
export function explain(pending: PendingInstance, cluster: ClusterView): Verdict[] {
	const demand = demandOf(pending);
	const verdicts = judge(cluster.rooms, demand, cluster.staying.get(demand.serviceId) ?? new Map());
	return verdicts.sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
}

export function judge(rooms: readonly Room[], demand: Demand, running: CountByRoom): Verdict[] {
	return rooms.map(room => {
		const refusal = refuse(room, demand, running.get(room.index) ?? 0);
		return refusal === undefined ? {node: room.node} : {node: room.node, refusal};
	});
}
