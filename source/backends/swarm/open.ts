import type {Backend, Change, Query, Snapshot} from '../../core/backend.ts';
import type {Kind} from '../../core/model/index.ts';
import type {Endpoint} from './connection/endpoint.ts';
import {Route} from './connection/route.ts';
import {swarmFacets} from './facets.ts';
import {Live} from './reading/live.ts';
import {NodeVolumes} from './reading/node-volumes.ts';
import {Source} from './reading/source.ts';
import {matches, Store, setOf} from './reading/store.ts';
import {nodeAccess} from './tasks/node-access.ts';
import type {RegistryAuth} from './write/registry-auth.ts';
import {createWriter} from './write/write.ts';

export type SwarmOptions = {
	/** The context's name: `swarm:prod`. */
	readonly name: string;
	/** A manager, and others that may stand in for it. */
	readonly endpoints: readonly [Endpoint, ...Endpoint[]];
	/** How the engines of other nodes are reached, as MUSTER_SWARM_NODES says it. */
	readonly nodeTemplate?: string | undefined;
	/** The user's credentials for the registry of an image; absent: there are none. */
	auth?(image: string): Promise<RegistryAuth | undefined>;
};

/** A swarm, through one of its managers. */
export async function openSwarm({
	name,
	endpoints,
	nodeTemplate: template,
	auth = async () => undefined,
}: SwarmOptions): Promise<Backend> {
	const route = await Route.open({endpoints, template});
	const store = new Store(`${process.pid}.${Date.now().toString(36)}`);
	const access = nodeAccess({route, template});
	const source = new Source(route, store, new NodeVolumes(access));
	const live = new Live(source, route, access);

	async function list<K extends Kind>(query: Query<K>, signal?: AbortSignal): Promise<Snapshot<K>> {
		if (!live.knows(query.kind)) await source.list(query.kind, {signal});
		const found = store.read<K>(setOf(query)).filter(object => matches(query, object));
		const items =
			query.limit === undefined ? found : found.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, query.limit);
		// Of what was found, not of when it was measured: what comes meanwhile is told by the watch that begins here.
		const {revision} = store;
		const gaps = source.gaps(query.kind);
		if (query.kind !== 'instance' || !query.usage || live.isFresh) {
			return {items, revision, ...(gaps.length > 0 && {gaps})};
		}

		const {usageNow} = await import('./tasks/usage.ts');
		const usage = await usageNow(source.raw.tasks, source.raw.nodes, access);
		return {
			items: items.map(item => ({...item, ...(usage[item.id] && {usage: usage[item.id]})})),
			revision,
		};
	}

	return {
		name,
		engine: `docker ${route.connection.engineVersion}`.trim(),
		kinds: ['service', 'instance', 'node', 'network', 'volume', 'config', 'secret', 'event'],
		list,
		watch: <K extends Kind>(query: Query<K>, since: string, signal: AbortSignal): AsyncIterable<Change<K>> =>
			live.watch(query, since, signal),
		...createWriter({source, live, route, access, auth}),
		facets: swarmFacets({source, route, access, live: () => live}),
		close() {
			live.close();
			access.close();
			route.close();
		},
	};
}
