import type {Backend, Change, Query, Snapshot} from '../../core/backend.ts';
import type {Kind} from '../../core/model/index.ts';
import {agentFor} from './dial.ts';
import type {DockerClient} from './docker.ts';
import {type Endpoint, endpointText} from './endpoint.ts';
import {swarmFacets} from './facets.ts';
import {Live} from './live.ts';
import {nodeAccess} from './node-access.ts';
import {reader} from './request.ts';
import {Source} from './source.ts';
import {matches, Store, setOf} from './store.ts';
import {createWriter} from './write.ts';

export type SwarmOptions = {
	/** The context's name: `swarm:prod`. */
	readonly name: string;
	readonly endpoint: Endpoint;
	/** How the engines of other nodes are reached, as MUSTER_SWARM_NODES says it. */
	readonly nodeTemplate?: string | undefined;
};

/** The newest API that this was written for; an older engine is spoken to in its own. */
const newestApi = 1.47;
const oldestApi = 1.41;

/** A swarm, through one of its managers. */
export async function openSwarm({name, endpoint, nodeTemplate}: SwarmOptions): Promise<Backend> {
	const where = endpointText(endpoint);
	const agent = agentFor(endpoint);
	const read = reader(agent, where);
	const about = await read.get<About>('/version').catch((error: unknown) => {
		agent.destroy();
		throw error;
	});
	const version = negotiate(about);
	const store = new Store(`${process.pid}.${Date.now().toString(36)}`);
	const source = new Source(read, version, store);
	let client: Promise<DockerClient> | undefined;
	const docker = () => {
		client ??= import('./docker.ts').then(({createClient}) =>
			createClient({agent, version, where, onRequest: () => read.noteRequest()}),
		);
		return client;
	};
	const access = nodeAccess({endpoint, read, version, docker, template: nodeTemplate});
	const live = new Live(source, docker, where);

	async function list<K extends Kind>(query: Query<K>, signal?: AbortSignal): Promise<Snapshot<K>> {
		if (!live.isFresh) await source.list(query.kind, {signal});
		const found = store.read<K>(setOf(query)).filter(object => matches(query, object));
		const items =
			query.limit === undefined ? found : found.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, query.limit);
		return {items, revision: store.revision};
	}

	return {
		name,
		engine: `docker ${about.Version ?? ''}`.trim(),
		kinds: ['service', 'instance', 'node', 'network', 'volume', 'config', 'secret', 'event'],
		list,
		watch: <K extends Kind>(query: Query<K>, since: string, signal: AbortSignal): AsyncIterable<Change<K>> =>
			live.watch(query, since, signal),
		...createWriter({source, live, docker, read, version}),
		facets: swarmFacets({source, docker, access}),
		close() {
			live.close();
			access.close();
			agent.destroy();
		},
	};
}

type About = {readonly Version?: string; readonly ApiVersion?: string; readonly MinAPIVersion?: string};

function negotiate({ApiVersion = '', MinAPIVersion = ''}: About): string {
	const theirs = asNumber(ApiVersion) ?? oldestApi;
	const least = asNumber(MinAPIVersion) ?? 0;
	return `v${textOf(Math.max(Math.min(newestApi, theirs), least))}`;
}

/** 1.9 is older than 1.41: the part behind the dot is a number of its own. */
function asNumber(text: string): number | undefined {
	const [, major, minor = ''] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
	return major === undefined ? undefined : Number(major) + Number(minor) / 100;
}

function textOf(version: number): string {
	const major = Math.floor(version);
	return `${major}.${Math.round((version - major) * 100)}`;
}
