import type {AccessList, Granted, Listening} from '../../core/access.ts';
import {filesByTar} from '../../core/archive/files-by-tar.ts';
import type {
	Backend,
	Change,
	ComponentHealth,
	Facets,
	LogLine,
	Patch,
	Query,
	Ref,
	Session,
	Snapshot,
	Tunnel,
} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Image, Instance, Kind, Node, ServiceSpec, ServiceVersion} from '../../core/model/index.ts';
import {kinds} from '../../core/model/index.ts';
import {refuseLocalOptions} from '../../core/spec/engine-options.ts';
import {type Connection, connectOrStart, connectRunning} from './client/connect.ts';
import type {Endpoint} from './client/endpoint.ts';
import {permissionsFor} from './client/permissions.ts';
import type {Home} from './home.ts';
import type {ApplyRequest, AttachQuery, ConnectQuery, ExecQuery, ListQuery, SumsAnswer} from './protocol.ts';
import type {Program} from './start-daemon.ts';

export type LocalOptions = {
	readonly home: Home;
	/** The caller's folder and PATH: where executables are looked up. */
	readonly cwd: string;
	readonly path: string;
	/** Starts the daemon where none runs; else that is `unreachable`. */
	readonly autoStart: boolean;
	/** How it is started; default: as this process was. */
	readonly program?: Program;
};

/** The local engine, through its daemon. Throws `unreachable` when another version's daemon runs. */
export async function openLocal(options: LocalOptions): Promise<Backend> {
	const {home, autoStart, program} = options;
	const connection = autoStart ? await connectOrStart(home, program) : await connectRunning(home);
	if (!connection) {
		throw new ClusterError('unreachable', 'The local daemon does not run.', {hint: 'muster daemon start'});
	}

	return localBackend(connection, options);
}

/** `options`: of a daemon on this machine; without them it is on another one. */
export function localBackend(connection: Connection, options: LocalOptions | undefined): Backend {
	const {client, daemon, endpoint} = connection;

	async function list<K extends Kind>(query: Query<K>, signal?: AbortSignal): Promise<Snapshot<K>> {
		const found = await client.call<Snapshot<K>>('GET', `/v1/list?${queryText(query)}`, undefined, signal);
		return found.items.some(isOlder) ? {...found, items: await Promise.all(found.items.map(completed))} : found;
	}

	return {
		name: typeof endpoint === 'string' ? 'local' : endpoint.name,
		engine: `local ${daemon.version}`,
		kinds,
		list,
		async *watch<K extends Kind>(query: Query<K>, since: string, signal: AbortSignal): AsyncIterable<Change<K>> {
			const changes = client.lines<Change<K>>(
				`/v1/watch?${queryText(query)}&since=${encodeURIComponent(since)}`,
				signal,
			);
			for await (const change of changes) {
				yield change.type === 'put' ? {...change, object: await completed(change.object)} : change;
			}

			if (!signal.aborted) {
				throw new ClusterError('unreachable', 'The daemon ended the watch.');
			}
		},
		async apply(ref, patch, {signal, ifRevision, create}) {
			const resolved = ref.kind === 'service' ? await withImage(list, patch as Patch<ServiceSpec>, options) : patch;
			const request: ApplyRequest = {
				ref: ref as ApplyRequest['ref'],
				patch: resolved as ApplyRequest['patch'],
				...(ifRevision === undefined ? {} : {ifRevision}),
				...(create === undefined ? {} : {create}),
			};
			return client.call('POST', '/v1/apply', request, signal);
		},
		async remove(ref, {signal, ifRevision}) {
			await client.call('POST', '/v1/remove', {ref, ...(ifRevision === undefined ? {} : {ifRevision})}, signal);
		},
		facets: {...localFacets(connection, list), ...permissions(connection)},
		close: () => client.close(),
	};
}

function permissions({daemon}: Connection): Partial<Facets> {
	const found = permissionsFor(daemon);
	return found === undefined ? {} : {permissions: found};
}

/** A daemon of an older version tells less of a spec than this one reads: the rest is as it would write it. */
async function completed<T>(object: T): Promise<T> {
	if (!isOlder(object)) {
		return object;
	}

	const {serviceSpec} = await import('../../core/spec/service-spec.ts');
	return {...object, spec: serviceSpec(object.spec as Patch<ServiceSpec>)};
}

function isOlder<T>(object: T): object is T & {readonly spec: Partial<ServiceSpec>} {
	const {kind, spec} = object as {readonly kind?: unknown; readonly spec?: Partial<ServiceSpec>};
	return kind === 'service' && (spec?.update === undefined || spec.rollback === undefined);
}

type List = <K extends Kind>(query: Query<K>) => Promise<Snapshot<K>>;

function localFacets({client, endpoint}: Connection, list: List): Partial<Facets> {
	const exec: Facets['exec'] = async (instance, options) => {
		const query: ExecQuery = {...options, instanceId: await instanceId(list, instance)};
		return openSession(endpoint, `/v1/exec?${queryText(query)}`);
	};

	return {
		traffic: true,
		exec,
		refuseSpec: refuseLocalOptions,
		files: filesByTar(exec),
		async connect(instance, port) {
			const query: ConnectQuery = {instanceId: await instanceId(list, instance), port};
			return openTunnel(endpoint, `/v1/connect?${queryText(query)}`);
		},
		logs(query, signal, _missed, opened) {
			// Its daemon is on this machine, or known to live by the streams of the lists.
			opened?.();
			return client.lines<LogLine>(`/v1/logs?${queryText(query)}`, signal);
		},
		async attach(instance, size) {
			const query: AttachQuery = {instanceId: await instanceId(list, instance), ...(size ? {size} : {})};
			return openSession(endpoint, `/v1/attach?${queryText(query)}`);
		},
		async kill(instance, signal) {
			await client.call('POST', '/v1/kill', {instanceId: await instanceId(list, instance), signal});
		},
		async failNode(node, forMs) {
			await client.call('POST', '/v1/fail-node', {nodeId: await nodeId(list, node), forMs});
		},
		...(typeof endpoint === 'string' && {
			addImage: (path: string, name?: string) =>
				client.call<Image>('POST', '/v1/images', {path, ...(name === undefined ? {} : {name})}),
		}),
		metrics: {
			read: () => client.call<{text: string; listening?: Listening}>('GET', '/v1/metrics'),
			async listen(where) {
				const {listening} = await client.call<{listening?: Listening}>('POST', '/v1/metrics/listen', where ?? {});
				return listening;
			},
		},
		access: {
			list: () => client.call<AccessList>('GET', '/v1/access'),
			grant: wanted => client.call<Granted>('POST', '/v1/access/grant', wanted),
			rotate: wanted => client.call<Granted>('POST', '/v1/access/rotate', wanted),
			async revoke(name) {
				await client.call('POST', '/v1/access/revoke', {name});
			},
			async listen(where) {
				const {listening} = await client.call<{listening?: Listening}>('POST', '/v1/access/listen', where ?? {});
				return listening;
			},
		},
		async moveInstances(instances) {
			const instanceIds = await Promise.all(instances.map(instance => instanceId(list, instance)));
			await client.call('POST', '/v1/move', {instanceIds});
		},
		history: ref => client.call<readonly ServiceVersion[]>('GET', `/v1/history?${queryText(ref)}`),
		async usageSums(signal) {
			const {services, nodes} = await client.call<SumsAnswer>('GET', '/v1/usage-sums', undefined, signal);
			return {services: new Map(Object.entries(services)), nodes: new Map(Object.entries(nodes))};
		},
		health: () => client.call<readonly ComponentHealth[]>('GET', '/v1/health'),
	};
}

/** Nothing is dear to the daemon, so `brief` is not told. */
function queryText({brief: _, ...query}: (ListQuery | object) & {readonly brief?: boolean}): string {
	return `query=${encodeURIComponent(JSON.stringify(query))}`;
}

async function openSession(endpoint: Endpoint, path: string): Promise<Session> {
	const [{connectUpgrade}, {sessionOver}] = await Promise.all([import('./upgrade.ts'), import('./client/session.ts')]);
	return sessionOver(await connectUpgrade(endpoint, path, 'muster-session'));
}

async function openTunnel(endpoint: Endpoint, path: string): Promise<Tunnel> {
	const [{connectUpgrade}, {tunnelOver}] = await Promise.all([import('./upgrade.ts'), import('./client/tunnel.ts')]);
	const {socket, head} = await connectUpgrade(endpoint, path, 'muster-tunnel');
	return tunnelOver(socket, head);
}

/** Puts what the user wrote as image in the daemon's terms; the images are only asked for where they matter. */
async function withImage(
	list: List,
	patch: Patch<ServiceSpec>,
	options: LocalOptions | undefined,
): Promise<Patch<ServiceSpec>> {
	const written = patch.template?.image;
	if (typeof written !== 'string') {
		return patch;
	}

	const [{items}, {resolveImage}] = await Promise.all([list({kind: 'image'}), import('./client/resolve-image.ts')]);
	const names = items.map(({name}) => name);
	return {...patch, template: {...patch.template, image: resolveImage(written, names, options)}};
}

/** Of a slot's instances the one that has not ended. */
async function instanceId(list: List, {id, name}: Ref<'instance'>): Promise<string> {
	return id ?? only(await list({kind: 'instance', name}), name).id;
}

async function nodeId(list: List, {id, name}: Ref<'node'>): Promise<string> {
	return id ?? only(await list({kind: 'node', name}), name).id;
}

function only<T extends Instance | Node>({items}: {readonly items: readonly T[]}, name: string): T {
	const [found] = items;
	if (!found) {
		throw new ClusterError('not-found', `There is nothing named ${JSON.stringify(name)}.`);
	}

	return found;
}
