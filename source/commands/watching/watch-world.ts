import type {World} from '../../actions/action.ts';
import type {Backend, Query} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import type {ClusterError} from '../../core/error.ts';
import type {Objects} from '../../core/model/index.ts';
import {follow} from './follow.ts';
import {createPulse} from './pulse.ts';

const restMs = 50;

type Watched = 'service' | 'instance' | 'node';

export type WatchedWorld = {
	/** The world after the next change, or the time; undefined: not all of it is known yet. Throws where it is lost. */
	next(atMostMs?: number): Promise<World | undefined>;
	/** Why it is not known just now; undefined: it is. */
	broken(): ClusterError | undefined;
};

export type WatchWorldOptions = {
	/** It waits through every outage. */
	readonly isPatient: boolean;
	/** One service with its instances only; undefined: all. */
	readonly serviceId: string | undefined;
	readonly clock: Clock;
	readonly signal: AbortSignal;
};

/** Keeps a world up to date until the signal aborts. */
export function watchWorld(backend: Backend, {serviceId, clock, signal, isPatient}: WatchWorldOptions): WatchedWorld {
	const failures = new Map<Watched, ClusterError>();
	const parts: {[K in Watched]?: ReadonlyMap<string, Objects[K]>} = {};
	const pulse = createPulse(clock, signal, restMs);
	const keep = async <K extends Watched>(query: Query<K>) => {
		const {kind} = query;
		const broken = (error: ClusterError | undefined) => {
			if (error === undefined) failures.delete(kind);
			else failures.set(kind, error);
		};
		try {
			for await (const {items} of follow(backend, query, {signal, clock, patient: () => isPatient, broken})) {
				Object.assign(parts, {[kind]: items});
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
		broken: () => [...failures.values()][0],
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
