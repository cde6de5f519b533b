import type {Service} from '../model/index.ts';
import {planRebalance, type RebalanceMove, type RebalancePlan} from '../rebalance.ts';
import {byName, plural} from './places.ts';
import type {Preview, PreviewRow} from './preview.ts';
import type {ClusterWorld} from './world.ts';

/** A row for each service that moves: from where to where, and why the others stay. */
export function previewRebalance(world: ClusterWorld, services: readonly Service[], mostMoves: number): Preview {
	const plan = planRebalance(world, services, mostMoves);
	return {summary: rebalanceSummary(plan), rows: [...rowsOf(plan.moves), ...leftRows(plan, services)]};
}

export function rebalanceSummary({moves}: RebalancePlan): string {
	if (moves.length === 0) {
		return 'nothing has a better place';
	}

	const services = new Set(moves.map(({service}) => service.id)).size;
	return `${plural(moves.length, 'instance')} of ${plural(services, 'service')} move${moves.length === 1 ? 's' : ''}, new ones first`;
}

function rowsOf(moves: readonly RebalanceMove[]): PreviewRow[] {
	return [...Map.groupBy(moves, ({service}) => service)].map(([{name}, own]) => {
		const ways = Map.groupBy(own, ({from, to}) => `${from.name} → ${to.name}`);
		const change = [...ways]
			.map(([way, {length: count}]) => ({name: way, text: count === 1 ? way : `${way} ${count}`}))
			.sort(byName)
			.map(({text}) => text)
			.join(', ');
		return {name, change, note: 'each stops once its successor is healthy'};
	});
}

/** Who was named wants to know why it stays. */
function leftRows({left}: RebalancePlan, services: readonly Service[]): PreviewRow[] {
	return services.length > 3
		? []
		: left.map(({service, reason}) => ({name: service.name, change: 'stays', note: reason}));
}
