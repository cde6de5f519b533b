import type {Backend, Change, Patch, Query, Ref, WriteOptions} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Kind, NodeSpec, Objects, ServiceSpec} from '../../core/model/index.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import {stripControl} from '../../core/text/text.ts';
import {createClient, type KubeClient} from './client.ts';
import {clock} from './clock.ts';
import {loadKubeconfig, prefix} from './connection/discover.ts';
import type {Environment} from './connection/environment.ts';
import type {KubeConfig, KubeContext} from './connection/kubeconfig.ts';
import {rereadSource} from './connection/reread-source.ts';
import {kubernetesFacets} from './facets.ts';
import {createDrains} from './nodes/drain.ts';
import {createHub} from './reading/hub.ts';
import {createMetrics} from './reading/metrics.ts';
import {requireNamespace} from './reading/namespaces.ts';
import {partResources} from './reading/parts.ts';
import {feedOf, listFeed, type Reading, watchFeed} from './reading/read.ts';
import {objectPath} from './reading/resources.ts';
import {applyConfig, configPath} from './write/write-config.ts';
import {applyNode, nodePath} from './write/write-node.ts';
import {applyService, removeService} from './write/write-service.ts';
import type {Writing} from './write/writing.ts';

export {discover} from './connection/discover.ts';

export type OpenOptions = {
	readonly env: Environment;
	readonly namespace?: string | undefined;
	readonly allNamespaces?: boolean | undefined;
	/** Where a pod's own account is; absent: where Kubernetes puts it. */
	readonly serviceAccount?: string;
};

const kinds: readonly Kind[] = ['service', 'instance', 'node', 'network', 'volume', 'config', 'secret', 'event'];

/** Reaches nobody yet: the first request does. */
export async function open(name: string, options: OpenOptions): Promise<Backend> {
	const read = async () => {
		const config = await loadKubeconfig(options.env, options.serviceAccount);
		const context = contextNamed(config, name.startsWith(prefix) ? name.slice(prefix.length) : name);
		return {context, cluster: config.cluster(context.cluster), user: config.user(context.user)};
	};
	const {context, cluster, user} = await read();
	const source = rereadSource({cluster, user}, read);
	const client = createClient({cluster, source, clock, version: '1'});
	const namespace = options.namespace ?? context.namespace ?? 'default';
	return kubernetesBackend(`${prefix}${context.name}`, client, {
		namespace,
		scope: options.allNamespaces ? undefined : namespace,
	});
}

function contextNamed({contexts}: KubeConfig, name: string): KubeContext {
	const found = contexts.find(context => context.name === name);
	if (found) return found;
	const names = contexts.map(context => context.name);
	const meant = nearMiss(name, names);
	throw new ClusterError('not-found', `no kubeconfig has a context ${JSON.stringify(stripControl(name))}`, {
		hint:
			meant === undefined
				? 'KUBECONFIG and ~/.kube/config are looked at; muster context ls shows what there is'
				: `did you mean ${prefix}${stripControl(meant)}?`,
	});
}

type Scopes = {readonly namespace: string; readonly scope: string | undefined};

function kubernetesBackend(name: string, client: KubeClient, {namespace, scope}: Scopes): Backend {
	const hub = createHub(client, clock);
	const metrics = createMetrics(client, scope, clock);
	const drains = createDrains(client, clock);
	const reading: Reading = {
		hub,
		scope,
		blockers: drains.blockers,
		onBlocker: drains.onBlocker,
		requireScope: (asked, signal) => requireNamespace(client, asked, signal),
		usage: metrics.read,
		everyMeasure: metrics.every,
	};
	const writing: Writing = {
		client,
		namespace,
		async locate({kind, id}) {
			if (scope !== undefined || id === undefined) return undefined;
			return (await listFeed(reading, {kind, id})).items[0]?.scope;
		},
		rest: ms => new Promise(resolve => setTimeout(resolve, ms)),
	};
	let engine = 'Kubernetes';
	const askVersion = () => {
		client.json<{gitVersion?: string}>({path: '/version'}).then(
			({gitVersion = ''}) => {
				engine = `Kubernetes ${stripControl(gitVersion)}`.trim();
			},
			() => {},
		);
	};

	async function nodeNamed(id: string): Promise<Objects['node']> {
		const [node] = (await listFeed(reading, {kind: 'node', id})).items;
		if (node === undefined) throw new ClusterError('not-found', `there is no node ${JSON.stringify(id)}`);
		return node;
	}

	return {
		name,
		get engine() {
			return engine;
		},
		kinds,
		list: (query, signal, arrived) => listFeed(reading, query, signal, arrived),
		watch<K extends Kind>(query: Query<K>, since: string, signal: AbortSignal): AsyncIterable<Change<K>> {
			feedOf(query.kind);
			if (engine === 'Kubernetes') askVersion();
			return watchFeed(reading, query, since, signal);
		},
		async apply(ref: Ref, patch: unknown, options: WriteOptions) {
			if (ref.kind === 'service') {
				return applyService(writing, ref as Ref<'service'>, patch as Patch<ServiceSpec>, options) as never;
			}

			if (ref.kind === 'config' || ref.kind === 'secret' || ref.kind === 'volume') {
				const {id} = await applyConfig(writing, ref, ref.kind, patch as never, options);
				const scope = ref.scope ?? namespace;
				const [written] = (await listFeed(reading, {kind: ref.kind, id, scope})).items;
				if (written === undefined) throw new ClusterError('conflict', `${ref.name} was removed meanwhile`);
				return written as never;
			}

			if (ref.kind !== 'node') throw new ClusterError('unsupported', `a ${ref.kind} cannot be written here`);
			const {name: node} = ref;
			const spec = await applyNode(writing, ref as Ref<'node'>, patch as Patch<NodeSpec>, options);
			if (spec.availability === 'drained') await drains.start(node);
			else drains.stop(node);
			return (await nodeNamed(node)) as never;
		},
		async remove(ref, options) {
			if (ref.kind === 'service') return removeService(writing, ref, options);
			if (ref.kind === 'config' || ref.kind === 'secret' || ref.kind === 'volume')
				await refuseUsed(reading, ref, namespace);
			const path = pathOf(ref, namespace);
			if (path === undefined) throw new ClusterError('unsupported', `a ${ref.kind} cannot be removed here`);
			await client.text({method: 'DELETE', path});
		},
		facets: kubernetesFacets({client, reading, writing, clock}),
		close() {
			drains.close();
			hub.close();
			client.close();
		},
	};
}

/** Kubernetes would let it go, and new pods would wait for it for ever. */
async function refuseUsed(reading: Reading, {kind, name, scope}: Ref, namespace: string): Promise<void> {
	const {items} = await listFeed(reading, {kind: kind as 'config', name, scope: scope ?? namespace});
	const users = items[0]?.usedBy ?? [];
	if (users.length > 0) {
		throw new ClusterError('conflict', `${name} is used by ${users.map(user => stripControl(user)).join(', ')}`);
	}
}

/** Of what is one object of Kubernetes'. */
function pathOf({kind, id, name, scope = ''}: Ref, namespace: string): string | undefined {
	switch (kind) {
		case 'node':
			return nodePath(id ?? name);
		case 'instance':
			return objectPath(partResources.pods as never, scope || namespace, name);
		case 'network':
			return objectPath(partResources.services as never, scope || namespace, name);
		case 'config':
		case 'secret':
		case 'volume':
			return configPath(kind, scope || namespace, name);
		default:
			return undefined;
	}
}
