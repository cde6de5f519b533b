import type {Backend, Change, Query} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {type ClusterError, toClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import {wait} from '../../live/back-off.ts';
import {createItems} from '../../live/items.ts';

export type Following<K extends Kind> = {
	readonly items: ReadonlyMap<string, Objects[K]>;
	/** What brought it there; the first time, all that was found. */
	readonly changes: ReadonlyArray<Change<K>>;
};

export type FollowOptions = {readonly signal: AbortSignal; readonly clock: Clock};

export type FollowPatience = {
	/**
	 * However long the engine stays away, or what is listed is not there any more (a namespace, a kind): who asks has an end of its
	 * own. Asked each time that it is tried in vain.
	 */
	readonly patient?: () => boolean;
	/** Hears why the connection is broken, each time it is tried, and of its end (undefined). */
	readonly broken?: (error: ClusterError | undefined) => void;
};

const retryMs = 250;
/** Agents bring a killed daemon back within 2 s; one that stays away this long does not come. */
const maxRetries = 40;

/**
 * What a query finds, now and after every change. A broken connection is made again, and what was missed meanwhile comes as
 * changes; throws when it stays away.
 */
export async function* follow<K extends Kind>(
	backend: Pick<Backend, 'list' | 'watch'>,
	query: Query<K>,
	{signal, clock, patient = () => false, broken = () => {}}: FollowOptions & FollowPatience,
): AsyncIterable<Following<K>> {
	const items = createItems<K>();
	let failures = 0;
	while (!signal.aborted) {
		try {
			const {items: found, revision} = await backend.list(query, signal);
			const missed = difference(items.byId, found, revision);
			items.replaceAll(found);
			broken(undefined);
			yield {items: items.byId, changes: missed};
			failures = 0;
			for await (const change of backend.watch(query, revision, signal)) {
				if (items.fold(change)) {
					yield {items: items.byId, changes: [change]};
				}
			}
		} catch (error) {
			if (signal.aborted) {
				return;
			}

			failures++;
			if (patient() ? !isPassing(error) : !isBroken(error) || failures > maxRetries) {
				throw error;
			}

			broken(toClusterError(error));
			await wait(retryMs, clock, signal);
		}
	}
}

/** What is read once, by who waits anyway: asked again while the connection is broken; throws when it stays so. */
export async function persist<T>(
	read: () => Promise<T>,
	{signal, clock, patient = () => false, broken = () => {}}: FollowOptions & FollowPatience,
): Promise<T> {
	for (let failures = 1; ; failures++) {
		try {
			const found = await read();
			if (failures > 1) broken(undefined);
			return found;
		} catch (error) {
			if (signal.aborted || !isBroken(error) || (!patient() && failures > maxRetries)) {
				throw error;
			}

			broken(toClusterError(error));
			await wait(retryMs, clock, signal);
		}
	}
}

function isBroken(error: unknown): boolean {
	const {code} = toClusterError(error);
	return code === 'unreachable' || code === 'expired' || code === 'timeout';
}

/** What was there before may be there again. */
function isPassing(error: unknown): boolean {
	return isBroken(error) || toClusterError(error).code === 'not-found';
}

function difference<K extends Kind>(
	before: ReadonlyMap<string, Objects[K]>,
	found: ReadonlyArray<Objects[K]>,
	revision: string,
): Array<Change<K>> {
	const ids = new Set(found.map(({id}) => id));
	const gone = [...before.keys()].filter(id => !ids.has(id)).map(id => ({type: 'remove', id, revision}) as const);
	const changed = found
		.filter(object => before.get(object.id)?.revision !== object.revision)
		.map(object => ({type: 'put', object, revision}) as const);
	return [...gone, ...changed];
}
