import {isObject, mergePatch} from '../../../core/difference/merge-patch.ts';
import {type Difference, differences, patchBetween, same} from '../../../core/difference/three-way.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {FieldConflict, Manifest, ResourceEdit} from '../../../core/resource/facet.ts';
import type {KubeClient} from '../client.ts';
import {parseStatus} from '../translate-error.ts';
import {withQuery} from '../watch.ts';
import type {WireObject} from '../wire/wire.ts';
import type {Json} from '../write/json.ts';
import {applyBody} from '../write/writing.ts';
import {type ManagedFields, ownedPart} from './owned-fields.ts';

/** Whose name muster's writes have. */
export const manager = 'muster';

/** What only the server writes. */
const serversOwn = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];

/** An object as people edit it. */
export async function readDocument(client: KubeClient, path: string): Promise<Manifest> {
	return documentOf(await client.json<WireObject>({path}));
}

function documentOf(object: WireObject): Manifest {
	const {status: _, metadata, ...rest} = object as WireObject & {status?: unknown};
	const kept = Object.entries(metadata).filter(([name]) => !serversOwn.includes(name));
	const {apiVersion, kind, ...others} = rest;
	return {apiVersion, kind, metadata: Object.fromEntries(kept), ...others} as unknown as Manifest;
}

/** What the server says of others' fields when an edit is only tried. */
export async function conflictsOf(
	client: KubeClient,
	path: string,
	edit: ResourceEdit,
): Promise<readonly FieldConflict[]> {
	try {
		await applyEdit(client, path, edit, 'dryRun=All');
		return [];
	} catch (thrown) {
		const found = conflictsIn(thrown).filter(one => one.manager !== manager);
		if (found.length === 0 && !isOwn(thrown)) throw thrown;
		return found;
	}
}

/**
 * Applies what was changed, together with what muster has applied before: nothing else becomes muster's. What was taken out and
 * others manage too stays at that; it is taken away by a patch.
 */
export async function writeEdit(
	client: KubeClient,
	path: string,
	edit: ResourceEdit,
	{force}: {readonly force: boolean},
): Promise<void> {
	let after: WireObject;
	try {
		after = await applyEdit(client, path, edit, force ? 'force=true' : '');
	} catch (thrown) {
		if (!isOwn(thrown)) throw thrown;
		after = await applyEdit(client, path, edit, 'force=true');
	}

	const written = documentOf(after);
	const left = differences(edit.opened, edit.edited).filter(one => stays(one.from, one.to, valueAt(written, one)));
	if (left.length === 0) return;
	const patch = left.reduce<unknown>((sum, {keys, to}) => merged(sum, keys, to), {
		metadata: {resourceVersion: after.metadata.resourceVersion},
	});
	const body = {type: 'application/merge-patch+json', text: JSON.stringify(patch)};
	await client.json<WireObject>({method: 'PATCH', path: withQuery(path, `fieldManager=${manager}`), body});
}

/** Statuses move on: so often what is written over in between is tried again. */
const mostTries = 5;

async function applyEdit(client: KubeClient, path: string, edit: ResourceEdit, query: string): Promise<WireObject> {
	for (let tries = 1; ; tries++) {
		const live = await client.json<WireObject>({path});
		if (!same(documentOf(live), edit.opened)) {
			const {kind, metadata} = edit.opened;
			throw new ClusterError('conflict', `${kind} ${metadata.name} was changed meanwhile`);
		}

		try {
			return await client.json<WireObject>({
				method: 'PATCH',
				path: withQuery(path, [`fieldManager=${manager}`, query].filter(Boolean).join('&')),
				body: applyBody(applied(live, edit)),
			});
		} catch (thrown) {
			const isOverwritten = toClusterError(thrown).code === 'conflict' && conflictsIn(thrown).length === 0;
			if (!isOverwritten || tries === mostTries) throw thrown;
		}
	}
}

/** What muster has applied before, with what was changed. */
function applied(live: WireObject, {opened, edited}: ResourceEdit): Json {
	const {resourceVersion, managedFields = []} = live.metadata as WireObject['metadata'] & {
		managedFields?: ManagedFields;
	};
	const owned = ownedPart(documentOf(live) as unknown as Json, managedFields, manager);
	const changed = mergePatch<Json>(owned, patchBetween(opened, edited) as Json);
	const {apiVersion, kind, metadata} = edited;
	const {name, namespace} = metadata;
	const identity = {name, ...(namespace === undefined ? {} : {namespace}), resourceVersion};
	return {...changed, apiVersion, kind, metadata: {...(changed.metadata as object), ...identity}};
}

/** The server names field and manager of each. */
function conflictsIn(thrown: unknown): readonly FieldConflict[] {
	const error = toClusterError(thrown);
	const {body = ''} = (error.cause ?? {}) as {body?: string};
	const causes = parseStatus(body)?.details?.causes ?? [];
	return error.code !== 'conflict'
		? []
		: causes.flatMap(({message = '', field = ''}) => {
				const [, name] = /^conflict with "([^"]*)"/.exec(message) ?? [];
				return name === undefined ? [] : [{manager: name, field: field.replace(/^\./, '')}];
			});
}

/** What muster's own verbs have set is muster's. */
export function isOwn(thrown: unknown): boolean {
	const found = conflictsIn(thrown);
	return found.length > 0 && found.every(one => one.manager === manager);
}

/** Whether something that was taken out is still there. */
function stays(from: unknown, to: unknown, now: unknown): boolean {
	if (to === undefined) return now !== undefined;
	if (Array.isArray(to) && Array.isArray(now)) {
		return (
			now.length > to.length ||
			to.some((one, index) => stays(Array.isArray(from) ? from[index] : undefined, one, now[index]))
		);
	}

	if (!isObject(from) || !isObject(to) || !isObject(now)) return false;
	return Object.keys(from).some(key => stays(from[key], to[key], now[key]));
}

function valueAt(document: unknown, {keys}: Difference): unknown {
	return keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
}

/** A merge patch with one place more; null stays in it. */
function merged(patch: unknown, [key, ...others]: readonly string[], to: unknown): unknown {
	if (key === undefined) return to ?? null;
	const object = isObject(patch) ? patch : {};
	return {...object, [key]: merged(object[key], others, to)};
}
