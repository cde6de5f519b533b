import type {Clock} from '../../../core/clock.ts';
import {isObject} from '../../../core/difference/merge-patch.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Kind} from '../../../core/model/index.ts';
import type {
	Manifest,
	ResourceFacet,
	ResourceRef,
	ResourceSelection,
	ResourceTable,
	ResourceType,
} from '../../../core/resource/facet.ts';
import {groupOf} from '../../../core/resource/type.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import type {Hub} from '../reading/hub.ts';
import {requireNamespace} from '../reading/namespaces.ts';
import {rolloutRevision} from '../translate/translate-workload.ts';
import {withQuery} from '../watch.ts';
import type {WireEvent, WireList, WireObject} from '../wire/wire.ts';
import {isSame} from '../write/manifest-template.ts';
import {applyBody, ifThere, propagations} from '../write/writing.ts';
import {describeObject} from './describe.ts';
import {createDiscovery, typePath} from './discovery.ts';
import {conflictsOf, isOwn, manager, readDocument, writeEdit} from './edit.ts';
import {withoutSecrets, withPlainSecrets} from './secret-content.ts';
import {readTable, tableAccept, type WireTable, watchTable} from './table.ts';

export type AnyOptions = {
	readonly client: KubeClient;
	readonly namespace: string;
	/** Undefined: all namespaces. */
	readonly scope: string | undefined;
	readonly clock: Clock;
	/** Tells when the server hangs, which breaks no stream. */
	readonly hub: Pick<Hub, 'living' | 'onPulse' | 'namespace'>;
};

const ownTypes: Readonly<Partial<Record<Kind, string>>> = {
	instance: 'pods',
	node: 'nodes',
	config: 'configmaps',
	secret: 'secrets',
	volume: 'persistentvolumeclaims',
	network: 'services',
	event: 'events',
};

/** A kind that was just defined is looked for so often, and so long after each look. */
const mostLooks = 40;
const lookMs = 250;

/** Any kind that the server has, CRDs too, as the server itself puts it in columns. */
export function anyResource({client, namespace, scope, clock, hub}: AnyOptions): ResourceFacet {
	const discovery = createDiscovery(client);

	function scopeOf(selection: ResourceSelection): string | undefined {
		return selection.allScopes ? undefined : (selection.scope ?? scope);
	}

	function pathOf(type: ResourceType, selection: ResourceSelection): string {
		const path = typePath(type, scopeOf(selection));
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

	/** Kinds that were defined from here, `Kind.group`: the server takes a moment until it serves them. */
	const defined = new Set<string>();

	function noteNewKind(manifest: Manifest): void {
		if (manifest.kind !== 'CustomResourceDefinition') return;
		const {spec} = manifest as Manifest & {spec?: {group?: unknown; names?: {kind?: unknown}}};
		defined.add(`${spec?.names?.kind}.${spec?.group}`);
	}

	async function typeOf({apiVersion, kind}: Manifest): Promise<ResourceType> {
		for (let looks = 1; ; looks++) {
			try {
				return await discovery.ofManifest(apiVersion, kind);
			} catch (thrown) {
				if (!defined.has(`${kind}.${groupOf(apiVersion)}`) || looks === mostLooks) throw thrown;
				await new Promise<void>(resolve => {
					clock.after(lookMs, resolve);
				});
			}
		}
	}

	async function listed(word: string): Promise<ResourceType> {
		const type = await discovery.find(word);
		if (type.verbs.includes('list')) return type;
		throw new ClusterError('unsupported', `${type.name} cannot be listed: the server allows ${type.verbs.join(', ')}`);
	}

	async function table(word: string, selection: ResourceSelection, signal?: AbortSignal): Promise<ResourceTable> {
		const type = await listed(word);
		const path = pathOf(type, selection);
		const answer = await client.json<WireTable>({path, accept: tableAccept, signal});
		const found = readTable(type, answer, clock.now());
		await foundIn(type, selection, found.rows.length, signal);
		return found;
	}

	/** Of a namespace that is not there the server lists nothing, too. */
	async function foundIn(type: ResourceType, selection: ResourceSelection, count: number, signal?: AbortSignal) {
		const chosen = scopeOf(selection);
		if (count === 0 && type.namespaced && chosen !== undefined) await requireNamespace(client, chosen, signal);
	}

	return {
		types: signal => discovery.types(signal),
		table,
		async *watch(word, selection, since, signal) {
			const type = await discovery.find(word);
			const inside = type.namespaced ? scopeOf(selection) : undefined;
			if (inside !== undefined) await requireNamespace(client, inside, signal, {evenGoing: true});
			yield* watchTable({client, hub, clock, scope: inside}, type, pathOf(type, selection), since, signal);
		},
		refOf(object) {
			const type = object.kind === 'service' ? `${object.type ?? 'deployment'}s` : ownTypes[object.kind];
			return type === undefined ? undefined : {type, name: object.name, scope: object.scope};
		},
		async read(ref, {reveals}) {
			const {path, type} = await objectPath(ref);
			return shown(type, await client.json<WireObject>({path}), reveals);
		},
		async readAll(word, selection, {reveals, signal}) {
			const type = await listed(word);
			const {items} = await client.json<WireList<WireObject>>({path: pathOf(type, selection), signal});
			await foundIn(type, selection, items?.length ?? 0, signal);
			const {kind, apiVersion} = type;
			// In a list the server leaves out what all have in common.
			const objects = (items ?? []).map(item => shown(type, {kind, apiVersion, ...item} as WireObject, reveals));
			return {type, objects: objects as readonly WireObject[] as readonly Manifest[]};
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
			const type = await typeOf(manifest);
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
				if (!isOwn(thrown)) throw named(thrown, `${manifest.kind} ${name}`);
				after = await client.json<WireObject>({method: 'PATCH', path: withQuery(path, `${query}&force=true`), body});
			}

			if (!dryRun) noteNewKind(manifest);
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

function shown(type: ResourceType, object: WireObject, reveals: boolean | 'text'): WireObject {
	const all = plain(object);
	if (!reveals) return withoutSecrets(type, all);
	return reveals === 'text' ? withPlainSecrets(type, all) : all;
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
	const metadata: Record<string, unknown> = {...manifest.metadata, ...(type.namespaced ? {namespace} : {})};
	for (const member of ['managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation']) {
		delete metadata[member];
	}

	// Its controller counts, and manages what it has counted: whoever exports an object has it in there.
	if (isObject(metadata.annotations) && metadata.annotations[rolloutRevision] !== undefined) {
		const {[rolloutRevision]: _, ...annotations} = metadata.annotations;
		metadata.annotations = annotations;
	}

	const {status: _, ...rest} = manifest as Manifest & {status?: unknown};
	return {...rest, metadata};
}

/** Which object it was; of several writers, who manages what. */
function named(thrown: unknown, what: string): ClusterError {
	const {code, message, hint} = toClusterError(thrown);
	const isConflict = code === 'conflict' && / manages \./.test(message);
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
