import {holdsRoom} from './instance-state.ts';
import type {Instance, Node, Service} from './model/index.ts';
import {type ClusterWorld, reserveAsAsked} from './preview/world.ts';
import {isThrough} from './reconcile/rollout.ts';
import {isHealthy} from './reconcile/slots.ts';
import {clusterView} from './schedule/cluster-view.ts';
import {type Demand, demandOf, pendingInstance} from './schedule/demand.ts';
import {refuse} from './schedule/filters.ts';
import {copyRooms, fill, type Room} from './schedule/room.ts';

/** One instance that has a better place. */
export type RebalanceMove = {
	readonly service: Service;
	readonly instance: Instance;
	readonly from: Node;
	/** Where it would go as things are; the scheduler has the last word. */
	readonly to: Node;
};

export type RebalancePlan = {
	readonly moves: readonly RebalanceMove[];
	/** Services that are left alone, and why. */
	readonly left: ReadonlyArray<{readonly service: Service; readonly reason: string}>;
};

/**
 * Which instances should move so that each service is spread as evenly as a new one would be, and so that no node is left with much
 * less than others; at most `mostMoves` of them. `services`: only these. Each comes up in its new place before it stops in the old one.
 */
export function planRebalance(world: ClusterWorld, services: readonly Service[], mostMoves: number): RebalancePlan {
	const reasons = new Map(services.map(service => [service, whyLeft(service)]));
	const left = services.flatMap(service => {
		const reason = reasons.get(service);
		return reason === undefined ? [] : [{service, reason}];
	});
	const balance = new Balance(
		world,
		services.filter(service => reasons.get(service) === undefined),
	);
	const moves: RebalanceMove[] = [];
	for (let move = balance.next(); move !== undefined && moves.length < mostMoves; move = balance.next()) {
		moves.push(move);
	}

	return {moves, left};
}

function whyLeft({spec, removing, rollout}: Service): string | undefined {
	if (removing) {
		return 'is being removed';
	}

	if (spec.mode !== 'replicated') {
		return spec.mode === 'global' ? 'global: one on each node' : 'a run of a job is not moved';
	}

	if (rollout !== undefined && !isThrough(rollout)) {
		return 'is being updated';
	}

	return spec.placement.preferences.length > 0 ? `is spread by ${spec.placement.preferences.join(', ')}` : undefined;
}

type Spread = {
	readonly service: Service;
	readonly demand: Demand;
	/** By room: those that could move. */
	readonly movable: ReadonlyMap<number, Instance[]>;
	/** By room: those that are there to stay, or come. */
	readonly counts: Map<number, number>;
};

class Balance {
	readonly #rooms: readonly Room[];
	readonly #spreads: readonly Spread[];

	constructor(world: ClusterWorld, services: readonly Service[]) {
		const view = clusterView({...world, reserveOf: reserveAsAsked(world)});
		this.#rooms = copyRooms(view.rooms);
		const byService = Map.groupBy(world.instances, ({serviceId}) => serviceId);
		this.#spreads = services.flatMap(service => {
			const own = byService.get(service.id) ?? [];
			const [example] = own;
			return example === undefined
				? []
				: [
						{
							service,
							demand: demandOf(pendingInstance(example, service.spec)),
							movable: this.#movable(own),
							counts: new Map(view.staying.get(service.id)),
						},
					];
		});
	}

	/** The move that evens out most; ties go by the order of services and nodes. Undefined: nothing is better than as it is. */
	next(): RebalanceMove | undefined {
		let best: {readonly gain: number; readonly spread: Spread; readonly from: Room; readonly to: Room} | undefined;
		for (const spread of this.#spreads) {
			for (const from of this.#rooms) {
				for (const to of (spread.movable.get(from.index)?.length ?? 0) > 0 ? this.#rooms : []) {
					const gain = this.#gain(spread, from, to);
					if (gain > (best?.gain ?? 0)) {
						best = {gain, spread, from, to};
					}
				}
			}
		}

		return best && this.#take(best.spread, best.from, best.to);
	}

	/** First how even the service is, then how even the nodes are. */
	#gain({counts, demand}: Spread, from: Room, to: Room): number {
		if (from === to) {
			return 0;
		}

		const own = (counts.get(from.index) ?? 0) - (counts.get(to.index) ?? 0);
		const all = from.instances - to.instances;
		const isBetter = own > 1 || (own === 1 && all > 1);
		return isBetter && refuse(to, demand, counts.get(to.index) ?? 0) === undefined ? own * 1e6 + all : 0;
	}

	#take({service, demand, movable, counts}: Spread, from: Room, to: Room): RebalanceMove | undefined {
		const instance = movable.get(from.index)?.pop();
		if (instance === undefined) {
			return undefined;
		}

		counts.set(from.index, (counts.get(from.index) ?? 0) - 1);
		counts.set(to.index, (counts.get(to.index) ?? 0) + 1);
		// Both are there for a moment: what it leaves is not free for another yet.
		fill(to, demand.need);
		from.instances--;
		return {service, instance, from: from.node, to: to.node};
	}

	/** By room, the youngest last: it has least to lose. Not what is on its way already. */
	#movable(own: readonly Instance[]): ReadonlyMap<number, Instance[]> {
		const replaced = new Set(own.flatMap(({replaces, status}) => (holdsRoom(status.state) ? (replaces ?? []) : [])));
		const movable = new Map<number, Instance[]>();
		for (const room of this.#rooms) {
			const here = own.filter(
				instance =>
					instance.nodeId === room.node.id &&
					instance.desired === 'running' &&
					isHealthy(instance) &&
					!instance.moving &&
					!replaced.has(instance.id),
			);
			movable.set(
				room.index,
				here.toSorted((a, b) => a.createdAt - b.createdAt || a.slot - b.slot),
			);
		}

		return movable;
	}
}
