import type {World} from '../actions/action.ts';
import type {Backend, Query} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import type {Objects} from '../core/model/index.ts';
import {follow} from './follow.ts';
import {createPulse} from './pulse.ts';

const restMs = 50;

type Watched = 'service' | 'instance' | 'node';

export type WatchedWorld = {
	/** The world after the next change, or the time; undefined: not all of it is known yet. Throws where it is lost. */
	next(atMostMs?: number): Promise<World | undefined>;
};

/** Keeps a world up to date until the signal aborts: all of it, or one service with its instances. */
export function watchWorld(
	backend: Backend,
	serviceId: string | undefined,
	clock: Clock,
	signal: AbortSignal,
): WatchedWorld {
	const parts: {[K in Watched]?: ReadonlyMap<string, Objects[K]>} = {};
	const pulse = createPulse(clock, signal, restMs);
	const keep = async <K extends Watched>(query: Query<K>) => {
		try {
			for await (const {items} of follow(backend, query, {signal, clock})) {
				Object.assign(parts, {[query.kind]: items});
				pulse.news();
			}
		} catch (error) {
			pulse.fail(error);
		}
	};
	void keep({kind: 'service', ...(serviceId === undefined ? {} : {id: serviceId})});
	void keep({kind: 'instance', history: true, ...(serviceId === undefined ? {} : {serviceId})});
	void keep({kind: 'node'});
	return {
		async next(atMostMs) {
			await pulse.next(atMostMs);
			const {service, instance, node} = parts;
			return service && instance && node ? worldOf({service, instance, node}, clock.now()) : undefined;
		},
	};
}

function worldOf(
	{service, instance, node}: {readonly [K in Watched]: ReadonlyMap<string, Objects[K]>},
	now: number,
): World {
	return {
		now,
		services: [...service.values()],
		instances: [...instance.values()],
		nodes: [...node.values()],
		images: [],
	};
}
