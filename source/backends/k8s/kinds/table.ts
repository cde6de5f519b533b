import type {Change} from '../../../core/backend.ts';
import type {Clock} from '../../../core/clock.ts';
import type {ClusterError} from '../../../core/error.ts';
import type {Revision} from '../../../core/model/index.ts';
import type {ResourceTable, ResourceType} from '../../../core/resource/facet.ts';
import {typeWord} from '../../../core/resource/type.ts';
import type {KubeClient} from '../client.ts';
import type {Hub} from '../reading/hub.ts';
import {onNamespaceEnd} from '../reading/namespace-end.ts';
import {watchCollection} from '../watch.ts';
import {instantOf, type WireObject} from '../wire/wire.ts';

export type WireTable = {
	readonly metadata?: {readonly resourceVersion?: string; readonly continue?: string};
	readonly columnDefinitions?: ReadonlyArray<{
		readonly name: string;
		readonly type?: string;
		readonly priority?: number;
		readonly description?: string;
	}> | null;
	readonly rows?: ReadonlyArray<{readonly cells: readonly unknown[]; readonly object?: WireObject}> | null;
	/** Instead of rows: an extension of the server need not know of tables, and answers with objects. */
	readonly items?: readonly WireObject[] | null;
};

/** Those of built-in kinds say only that they are text. */
const agedColumn = /^(First|Last) (Seen|Schedule)$/i;

/** Rows in the server's own columns, with the metadata of what they are of. */
export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** `now`: when the server has written it. */
export function readTable(type: ResourceType, answer: WireTable, now: number): ResourceTable {
	const {metadata, columnDefinitions, rows} = answer.items ? plainTable(answer.items, answer) : answer;
	return {
		type,
		revision: metadata?.resourceVersion ?? '',
		columns: (columnDefinitions ?? []).map(({name, type: format, priority = 0, description}) => ({
			title: name.toUpperCase(),
			wide: priority > 0,
			numeric: format === 'integer' || format === 'number',
			...((format === 'date' || agedColumn.test(name)) && {isAge: true}),
			...(description ? {help: description} : {}),
		})),
		rows: (rows ?? []).map(({cells, object}) => {
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
				toldAt: now,
				revision: resourceVersion,
				createdAt,
				updatedAt: createdAt,
			};
		}),
	};
}

function plainTable(items: readonly WireObject[], {metadata}: WireTable): WireTable {
	return {
		...(metadata && {metadata}),
		columnDefinitions: [{name: 'Name'}, {name: 'Created'}],
		rows: items.map(object => ({cells: [object.metadata.name, object.metadata.creationTimestamp], object})),
	};
}

function cellText(cell: unknown): string {
	if (cell === null || cell === undefined) return '';
	return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

type Server = {
	readonly client: KubeClient;
	readonly hub: Pick<Hub, 'living' | 'onPulse' | 'namespace'>;
	readonly clock: Clock;
	/** The namespace that is looked at; undefined: all, or what lies in none. */
	readonly scope: string | undefined;
};

/** Each change as a table of one row, one stream after the other; a bookmark when the first one is open. */
export async function* watchTable(
	{client, hub, clock, scope}: Server,
	type: ResourceType,
	path: string,
	since: Revision,
	signal: AbortSignal,
): AsyncGenerator<Change<'resource'>> {
	await hub.living();
	const ending = new AbortController();
	const leave = hub.onPulse({lost: error => ending.abort(error)});
	const either = AbortSignal.any([signal, ending.signal]);
	const ended = (why: ClusterError) => ending.abort(why);
	const namespaceEnd =
		scope === undefined ? undefined : onNamespaceEnd(hub, {scope, isEmpty: () => false, ended}, either);
	let revision = since;
	try {
		while (!signal.aborted) {
			const {isOpen, events} = openTable(client, path, revision, either);
			await isOpen;
			yield {type: 'bookmark', revision};
			for await (const {type: what, object} of events) {
				revision = object.metadata.resourceVersion;
				if (what === 'BOOKMARK') {
					yield {type: 'bookmark', revision};
					continue;
				}

				for (const row of readTable(type, object, clock.now()).rows) {
					yield what === 'DELETED' ? {type: 'remove', id: row.id, revision} : {type: 'put', object: row, revision};
				}
			}
		}
	} catch (thrown) {
		throw ending.signal.aborted ? ending.signal.reason : thrown;
	} finally {
		leave();
		namespaceEnd?.leave();
		ending.abort();
	}
}

/** `isOpen` also when it has ended at once: what is wrong comes with the events. */
function openTable(client: KubeClient, path: string, since: Revision, signal: AbortSignal) {
	const opening = Promise.withResolvers<void>();
	const stream = watchCollection<WireObject & WireTable>(client, {
		...{path, since, signal, accept: tableAccept},
		opened: opening.resolve,
	});
	const first = stream.next();
	first.then(() => opening.resolve(), opening.reject);
	async function* events() {
		const {value, done} = await first;
		if (done) return;
		yield value;
		yield* stream;
	}

	return {isOpen: opening.promise, events: events()};
}
