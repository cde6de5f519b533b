import type {
	Manifest,
	ResourceFacet,
	ResourceRef,
	ResourceSelection,
	ResourceTable,
	ResourceType,
} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {isObject} from '../../core/merge-patch.ts';
import {typeWord} from '../../core/resource-type.ts';
import {stripControl} from '../../core/text.ts';
import type {KubeClient} from './client.ts';
import {describeObject} from './describe.ts';
import {createDiscovery, typePath} from './discovery.ts';
import {conflictsOf, manager, readDocument, writeEdit} from './edit.ts';
import {isSame} from './manifest-template.ts';
import {withoutSecrets} from './secret-content.ts';
import {watchCollection, withQuery} from './watch.ts';
import {instantOf, type WireEvent, type WireList, type WireObject} from './wire.ts';
import {applyBody, ifThere, propagations} from './writing.ts';

type WireTable = {
	readonly metadata?: {readonly resourceVersion?: string; readonly continue?: string};
	readonly columnDefinitions?: ReadonlyArray<{
		readonly name: string;
		readonly type?: string;
		readonly priority?: number;
		readonly description?: string;
	}>;
	readonly rows?: ReadonlyArray<{readonly cells: readonly unknown[]; readonly object?: WireObject}>;
};

const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export type AnyOptions = {
	readonly client: KubeClient;
	readonly namespace: string;
	/** Undefined: all namespaces. */
	readonly scope: string | undefined;
	readonly clock: Clock;
};

/** Any kind that the server has, CRDs too, as the server itself puts it in columns. */
export function anyResource({client, namespace, scope, clock}: AnyOptions): ResourceFacet {
	const discovery = createDiscovery(client);

	function pathOf(type: ResourceType, selection: ResourceSelection): string {
		const chosen = selection.allScopes ? undefined : (selection.scope ?? scope);
		const path = typePath(type, chosen);
		const parameters = new URLSearchParams();
		if (selection.labels) parameters.set('labelSelector', selection.labels);
		if (selection.name) parameters.set('fieldSelector', `metadata.name=${selection.name}`);
		return parameters.size > 0 ? `${path}?${parameters}` : path;
	}

	async function objectPath({
		type: word,
		name,
		scope: asked,
	}: ResourceRef): Promise<{type: ResourceType; path: string}> {
		const type = await discovery.find(word);
		const path = `${typePath(type, asked ?? scope ?? namespace)}/${encodeURIComponent(name)}`;
		return {type, path};
	}

	async function table(word: string, selection: ResourceSelection, signal?: AbortSignal): Promise<ResourceTable> {
		const type = await discovery.find(word);
		if (!type.verbs.includes('list')) {
			throw new ClusterError(
				'unsupported',
				`${type.name} cannot be listed: the server allows ${type.verbs.join(', ')}`,
			);
		}

		const path = pathOf(type, selection);
		const answer = await client.json<WireTable>({path, accept: tableAccept, signal});
		return readTable(type, answer);
	}

	return {
		types: signal => discovery.types(signal),
		table,
		async watch(word, selection, changed, signal) {
			const type = await discovery.find(word);
			const path = pathOf(type, selection);
			const {metadata} = await client.json<WireList<WireObject>>({path: withQuery(path, 'limit=1'), signal});
			let isDue = false;
			const tell = () => {
				if (isDue) return;
				isDue = true;
				clock.after(1000, () => {
					isDue = false;
					if (!signal.aborted) changed();
				});
			};
			let since = metadata.resourceVersion;
			while (!signal.aborted) {
				for await (const event of watchCollection(client, {path, since, signal})) {
					since = event.object.metadata.resourceVersion;
					if (event.type !== 'BOOKMARK') tell();
				}
			}
		},
		async read(ref, {reveals}) {
			const {path, type} = await objectPath(ref);
			const object = plain(await client.json<WireObject>({path}));
			return reveals ? object : withoutSecrets(type, object);
		},
		async describe(ref) {
			const {path, type} = await objectPath(ref);
			const object = await client.json<WireObject>({path});
			return describeObject(type, withoutSecrets(type, plain(object)), await eventsOf(client, object), clock.now());
		},
		async document(ref) {
			const {path} = await objectPath(ref);
			return readDocument(client, path);
		},
		async conflicts(ref, edit) {
			const {path} = await objectPath(ref);
			return conflictsOf(client, path, edit);
		},
		async edit(ref, edit, options) {
			const {path} = await objectPath(ref);
			await writeEdit(client, path, edit, options);
		},
		async apply(manifest, {dryRun, force}) {
			const type = await discovery.ofManifest(manifest.apiVersion, manifest.kind);
			const place = manifest.metadata.namespace ?? scope ?? namespace;
			const {name} = manifest.metadata;
			const path = `${typePath(type, place)}/${encodeURIComponent(name)}`;
			const before = await ifThere(client.json<WireObject>({path}));
			const query = `fieldManager=${manager}${dryRun ? '&dryRun=All' : ''}${force ? '&force=true' : ''}`;
			const body = applyBody(withNamespace(manifest, type, place));
			let after: WireObject;
			try {
				after = await client.json<WireObject>({method: 'PATCH', path: withQuery(path, query), body});
			} catch (thrown) {
				// What muster's own verbs have set is muster's: only others are in the way.
				if (!isOwnConflict(thrown)) throw named(thrown, `${manifest.kind} ${name}`);
				after = await client.json<WireObject>({method: 'PATCH', path: withQuery(path, `${query}&force=true`), body});
			}

			const [was, is] = [before && plain(before), plain(after)];
			return {
				change: was === undefined ? 'created' : isSame(was, is) ? 'unchanged' : 'changed',
				before: was,
				after: is,
				name,
				type: type.name,
				...(type.namespaced ? {scope: place} : {}),
			};
		},
		async label(ref, labels) {
			const {path} = await objectPath(ref);
			const body = {type: 'application/merge-patch+json', text: JSON.stringify({metadata: {labels}})};
			await client.json<WireObject>({method: 'PATCH', path: withQuery(path, `fieldManager=${manager}`), body});
		},
		async remove(ref, {cascade = 'background'}) {
			const {path} = await objectPath(ref);
			await client.text({method: 'DELETE', path: withQuery(path, `propagationPolicy=${propagations[cascade]}`)});
		},
	};
}

export function readTable(type: ResourceType, {columnDefinitions = [], rows = []}: WireTable): ResourceTable {
	return {
		type,
		columns: columnDefinitions.map(({name, type: format, priority = 0, description}) => ({
			title: name.toUpperCase(),
			wide: priority > 0,
			numeric: format === 'integer' || format === 'number',
			...(description ? {help: description} : {}),
		})),
		rows: rows.map(({cells, object}) => {
			const metadata = object?.metadata ?? ({} as Partial<WireObject['metadata']>);
			const {name = String(cells[0] ?? ''), namespace, uid, labels = {}, resourceVersion = ''} = metadata;
			const createdAt = instantOf(metadata.creationTimestamp) ?? 0;
			return {
				kind: 'resource',
				// What is only measured has no identity of its own.
				id: uid ?? [typeWord(type), namespace, name].join('/'),
				name,
				...(namespace === undefined ? {} : {scope: namespace}),
				type: typeWord(type),
				title: type.kind,
				labels,
				cells: cells.map(cellText),
				revision: resourceVersion,
				createdAt,
				updatedAt: createdAt,
			};
		}),
	};
}

function cellText(cell: unknown): string {
	if (cell === null || cell === undefined) return '';
	return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** What people write and read; who manages which field is the server's own book-keeping. */
function plain(object: WireObject): WireObject {
	const {managedFields, resourceVersion, generation, uid, creationTimestamp, selfLink, ...metadata} =
		object.metadata as WireObject['metadata'] & {managedFields?: unknown; selfLink?: unknown};
	const {status, ...rest} = object as WireObject & {status?: unknown};
	return {
		...rest,
		metadata: {...metadata, ...(uid && {uid}), ...(creationTimestamp && {creationTimestamp})} as WireObject['metadata'],
		...(status === undefined ? {} : {status}),
	} as WireObject;
}

function withNamespace(manifest: Manifest, type: ResourceType, namespace: string): unknown {
	const metadata = {...manifest.metadata, ...(type.namespaced ? {namespace} : {})};
	for (const member of ['managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation']) {
		delete (metadata as Record<string, unknown>)[member];
	}

	const {status: _, ...rest} = manifest as Manifest & {status?: unknown};
	return {...rest, metadata};
}

function isOwnConflict(thrown: unknown): boolean {
	const {code, message} = toClusterError(thrown);
	const managers = [...message.matchAll(/conflicts? with "([^"]*)"/g)].map(([, name]) => name);
	return code === 'conflict' && managers.length > 0 && managers.every(name => name === manager);
}

/** Which object it was; of several writers, who manages what. */
function named(thrown: unknown, what: string): ClusterError {
	const {code, message, hint} = toClusterError(thrown);
	const isConflict = code === 'conflict' && /conflict/i.test(message);
	return new ClusterError(code, `${stripControl(what)}: ${message}`, {
		hint: isConflict ? 'Leave these fields out, or take them over with --force.' : hint,
		cause: thrown,
	});
}

async function eventsOf(client: KubeClient, {metadata}: WireObject): Promise<readonly WireEvent[]> {
	const selector = encodeURIComponent(`involvedObject.uid=${metadata.uid}`);
	const namespace = metadata.namespace ?? 'default';
	const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events?fieldSelector=${selector}`;
	const list = await ifThere(client.json<WireList<WireEvent>>({path}));
	return list?.items ?? [];
}

/** Checked at the edge: a file may hold anything. */
export function isManifest(value: unknown): value is Manifest {
	return (
		isObject(value) &&
		typeof value.apiVersion === 'string' &&
		typeof value.kind === 'string' &&
		isObject(value.metadata) &&
		typeof value.metadata.name === 'string'
	);
}
