import type {Instance, Node, Service} from '../model/index.ts';
import {meetsConstraints} from '../schedule/constraint.ts';

export type SpreadInput = {
	readonly services: readonly Service[];
	/** Those that are meant to run. */
	readonly instances: readonly Instance[];
	readonly nodes: readonly Node[];
	/** Of one service at a time. */
	readonly mostMoves: number;
};

export type SpreadPlan = {
	readonly service: Service;
	/** So many come up before as many go. */
	readonly moves: number;
	/** On each node, now and then; by the nodes' names. */
	readonly nodes: ReadonlyArray<{readonly name: string; readonly before: number; readonly after: number}>;
};

export type SpreadVerdict = SpreadPlan | {readonly service: Service; readonly moves: 0; readonly reason: string};

/**
 * Which services run more on some of their nodes than they need to: after a node has come or come back nothing moves there by
 * itself. A service is spread by bringing up a few more, which come where it has fewest, and then taking as many away, which go
 * where it has most; what stays is not touched.
 */
export function planSpread({services, instances, nodes, mostMoves}: SpreadInput): readonly SpreadVerdict[] {
	const byService = Map.groupBy(instances, ({serviceId}) => serviceId);
	return services
		.toSorted((a, b) => (a.name < b.name ? -1 : 1))
		.map(service => planOne(service, byService.get(service.id) ?? [], {nodes, mostMoves}));
}

function planOne(
	service: Service,
	own: readonly Instance[],
	{nodes, mostMoves}: Pick<SpreadInput, 'nodes' | 'mostMoves'>,
): SpreadVerdict {
	const reason = whyNot(service, own);
	if (reason !== undefined) return {service, moves: 0, reason};
	const {constraints} = service.spec.placement;
	const fit = nodes.filter(node => takesWork(node) && meetsConstraints(node, constraints));
	const before = new Map(fit.map(({id}) => [id, 0]));
	for (const {nodeId = ''} of own) {
		const count = before.get(nodeId);
		if (count === undefined)
			return {service, moves: 0, reason: 'some of it runs where it should not: that moves first'};
		before.set(nodeId, count + 1);
	}

	const moves = Math.min(mostMoves, movesNeeded([...before.values()]));
	if (moves === 0) return {service, moves: 0, reason: 'even'};
	const after = moved(before, moves);
	const rows = fit.map(({id, name}) => ({name, before: before.get(id) ?? 0, after: after.get(id) ?? 0}));
	return {service, moves, nodes: rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))};
}

function whyNot({spec, status, rollout, removing}: Service, own: readonly Instance[]): string | undefined {
	if (spec.mode !== 'replicated') return `a ${spec.mode} service`;
	if (removing) return 'being removed';
	if (spec.placement.preferences.length > 0) return 'it has preferences of its own';
	if (spec.ports.some(({mode}) => mode === 'host')) return 'its ports are held on the nodes: no two fit on one';
	if (rollout?.state === 'updating' || rollout?.state === 'rolling-back') return 'being updated';
	if (rollout?.state === 'paused') return 'its update is paused';
	if (status.running < spec.replicas || own.length !== spec.replicas) return 'not all of it runs';
	return undefined;
}

function takesWork({status, availability}: Node): boolean {
	return status.state === 'ready' && availability === 'active';
}

/** Until no node has two more than another. */
function movesNeeded(counts: readonly number[]): number {
	if (counts.length < 2) return 0;
	const sum = counts.reduce((all, one) => all + one, 0);
	const [floor, ceiling] = [Math.floor(sum / counts.length), Math.ceil(sum / counts.length)];
	const over = counts.reduce((all, one) => all + Math.max(0, one - ceiling), 0);
	const under = counts.reduce((all, one) => all + Math.max(0, floor - one), 0);
	return Math.max(over, under);
}

function moved(before: ReadonlyMap<string, number>, moves: number): ReadonlyMap<string, number> {
	const counts = new Map(before);
	const change = (pick: (counts: readonly number[]) => number, by: number) => {
		const wanted = pick([...counts.values()]);
		const [id, count] = [...counts].find(([, value]) => value === wanted) ?? [];
		if (id !== undefined && count !== undefined) counts.set(id, count + by);
	};
	for (let move = 0; move < moves; move++) change(values => Math.min(...values), 1);
	for (let move = 0; move < moves; move++) change(values => Math.max(...values), -1);
	return counts;
}
