import type {
	Backend,
	Change,
	Facets,
	Patch,
	Query,
	Ref,
	Snapshot,
	SpecOf,
	WritableKind,
	WriteOptions,
} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {ClusterError} from '../core/error.ts';
import type {Kind, NodeSpec, Objects, PoolSpec, Revision, ServiceSpec} from '../core/model/index.ts';
import type {Orchestrator} from './orchestrator.ts';
import {CurrentFeed} from './queries/current-feed.ts';
import {type Feed, storeFeed} from './queries/feed.ts';
import {serviceHistory} from './queries/history.ts';
import {matches} from './queries/matches.ts';
import type {UsageSource} from './queries/usage.ts';
import {watchFeed} from './queries/watch.ts';
import type {Store} from './store/store.ts';

export type OrchestratorBackendOptions = {
	readonly clock: Clock;
	readonly name?: string;
	readonly engine?: string;
	/** Absent: objects come without figures. */
	readonly usage?: UsageSource;
	readonly facets?: Partial<Facets>;
	/** Of the instances without their history: changes that can be told again. */
	readonly keptChanges?: number;
};

type Writes = Pick<Orchestrator, 'applyService' | 'applyNode' | 'applyStored' | 'applyPool' | 'remove'> & {
	readonly store: Store;
};

/** The Backend of an orchestrator in the same process: of the daemon's API, the demo and tests. */
export function createOrchestratorBackend(orchestrator: Writes, options: OrchestratorBackendOptions): Backend {
	const {store} = orchestrator;
	const {clock, usage} = options;
	const current = new CurrentFeed(store, options.keptChanges);
	const closed = new AbortController();

	function feedOf<K extends Kind>({kind, history}: Query<K>): Feed<K> {
		return kind === 'instance' && !history ? (current as unknown as Feed<K>) : storeFeed(store, kind);
	}

	function usageOf(kind: Kind): UsageSource | undefined {
		return kind === 'instance' || kind === 'node' ? usage : undefined;
	}

	return {
		name: options.name ?? 'local',
		engine: options.engine ?? 'local',
		kinds: orchestratedKinds,
		facets: {traffic: true, history: async ref => serviceHistory(store, ref), ...options.facets},
		async list<K extends Kind>(query: Query<K>): Promise<Snapshot<K>> {
			const feed = feedOf(query);
			const found = candidates(feed, query).filter(object => matches(query, object));
			const items = query.limit === undefined ? found : newest(found, query.limit);
			return {items: withUsage(items, usageOf(query.kind)), revision: String(feed.revision)};
		},
		watch<K extends Kind>(query: Query<K>, since: Revision, signal: AbortSignal): AsyncIterable<Change<K>> {
			const parts = {feed: feedOf(query), query, clock, usage: usageOf(query.kind)};
			return watchFeed(parts, since, [signal, closed.signal]);
		},
		async apply<K extends WritableKind>(
			ref: Ref<K>,
			patch: Patch<SpecOf<K>>,
			{create, ifRevision}: WriteOptions,
		): Promise<Objects[K]> {
			const write = {...(create && {create}), ...(ifRevision !== undefined && {ifRevision})};
			return applyTo(orchestrator, ref, patch as object, write) as Objects[K];
		},
		async remove(ref: Ref, {ifRevision}: WriteOptions) {
			orchestrator.remove(ref, ifRevision === undefined ? {} : {ifRevision});
		},
		close() {
			closed.abort();
		},
	};
}

/** What the orchestrator keeps. */
export const orchestratedKinds: readonly Kind[] = [
	'service',
	'instance',
	'node',
	'image',
	'network',
	'volume',
	'config',
	'secret',
	'pool',
	'event',
];

function applyTo(orchestrator: Writes, ref: Ref, patch: object, write: Pick<WriteOptions, 'create' | 'ifRevision'>) {
	switch (ref.kind) {
		case 'service':
			return orchestrator.applyService({...ref, kind: 'service'}, patch as Patch<ServiceSpec>, write);
		case 'node':
			return orchestrator.applyNode({...ref, kind: 'node'}, patch as Patch<NodeSpec>, write);
		case 'network':
		case 'volume':
		case 'config':
		case 'secret':
			return orchestrator.applyStored({...ref, kind: ref.kind}, patch, write);
		case 'pool':
			return orchestrator.applyPool({...ref, kind: ref.kind}, patch as Patch<PoolSpec>, write);
		default:
			throw new ClusterError('unsupported', `The local engine keeps no ${ref.kind}s.`);
	}
}

/** By id there is one at most; else all. */
function candidates<K extends Kind>(feed: Feed<K>, {id}: Query<K>): ReadonlyArray<Objects[K]> {
	if (id === undefined) return [...feed.all()];
	const object = feed.get(id);
	return object ? [object] : [];
}

/** In the order of their making. */
function newest<T extends {readonly createdAt: number}>(objects: readonly T[], limit: number): readonly T[] {
	return objects.toSorted((a, b) => a.createdAt - b.createdAt).slice(Math.max(0, objects.length - limit));
}

function withUsage<T extends {readonly id: string}>(
	objects: readonly T[],
	usage: UsageSource | undefined,
): readonly T[] {
	if (!usage) return objects;
	return objects.map(object => {
		const figures = usage.get(object.id);
		return figures ? {...object, usage: figures} : object;
	});
}
