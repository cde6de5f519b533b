import type {Backend, Query} from '../../core/backend.ts';
import type {ClusterEvent, Instance, Kind, Objects} from '../../core/model/index.ts';
import type {Host} from '../host.ts';
import {follow} from './follow.ts';

/** What instances and events say of objects that are shown in a table, where those have not said it themselves. */
export type Beside<T> = {
	wants(objects: readonly T[]): boolean;
	shown(objects: readonly T[], found: BesideFound, now: number): readonly T[];
};

export type BesideFound = {readonly instances: Iterable<Instance>; readonly events: readonly ClusterEvent[]};

/** Of more events than these nobody wants to know. */
const besideEvents = 1000;

/** Who may not see them, or cannot reach them now, is shown what there is without them. */
export async function readBeside(backend: Pick<Backend, 'list' | 'kinds'>): Promise<BesideFound> {
	const read = async <K extends Kind>(query: Query<K>): Promise<ReadonlyArray<Objects[K]>> =>
		backend.kinds.includes(query.kind) ? (await backend.list(query).catch(() => ({items: []}))).items : [];
	const [instances, events] = await Promise.all([read({kind: 'instance'}), read({kind: 'event', limit: besideEvents})]);
	return {instances, events};
}

/** Kept up to date from when it is first wanted; what may not be seen just says nothing. */
export function followBeside<T>(
	backend: Backend,
	host: Host,
	{wants, shown}: Beside<T>,
	news: () => void,
): (objects: readonly T[]) => readonly T[] {
	let instances: ReadonlyMap<string, Instance> = new Map();
	let events: ReadonlyMap<string, ClusterEvent> = new Map();
	let isFollowed = false;
	const keep = async <K extends Kind>(query: Query<K>, take: (items: ReadonlyMap<string, Objects[K]>) => void) => {
		if (!backend.kinds.includes(query.kind)) return;
		for await (const now of follow(backend, query, {signal: host.interrupted, clock: host, patient: () => true})) {
			take(now.items);
			news();
		}
	};
	return objects => {
		if (!isFollowed && wants(objects)) {
			isFollowed = true;
			void keep({kind: 'instance'}, found => {
				instances = found;
			}).catch(() => {});
			void keep({kind: 'event', limit: besideEvents}, found => {
				events = found;
			}).catch(() => {});
		}

		return isFollowed
			? shown(objects, {instances: instances.values(), events: [...events.values()]}, host.now())
			: objects;
	};
}
