import type {Instant, Meta} from '../../core/model/index.ts';
import {deepFreeze} from './freeze.ts';
import type {StoreChange, Stored, StoredKind, StoreReader, StoreTransaction} from './store.ts';
import type {AnyStored, Tables} from './tables.ts';

type Touched = {readonly kind: StoredKind; readonly id: string; readonly before: AnyStored | undefined};

export type OpenTransaction = {
	readonly tx: StoreTransaction;
	/** What it comes to: the last state of each object; what came and went is left out. */
	changes(): readonly StoreChange[];
	rollBack(): void;
};

/** What a store and its transactions have in common. */
export function readerOf(tables: Tables, revision: () => number): StoreReader {
	const {get, all, count, byName, instancesOfService, instancesOnNode} = tables;
	return {
		get,
		all,
		count,
		byName,
		instancesOfService,
		instancesOnNode,
		get revision() {
			return revision();
		},
	};
}

/** Writes into the tables at once and remembers what was there. `revision`: of the store before it. */
export function openTransaction(tables: Tables, revision: number, now: Instant): OpenTransaction {
	const touched = new Map<string, Touched>();
	const next = revision + 1;

	/** The last place of each object counts, so that what is removed last is told last. */
	function replace(kind: StoredKind, id: string, object: AnyStored | undefined): void {
		const before = tables.replace(kind, id, object);
		const key = `${kind} ${id}`;
		const entry = touched.get(key) ?? {kind, id, before};
		touched.delete(key);
		touched.set(key, entry);
	}

	return {
		tx: Object.assign(
			readerOf(tables, () => revision),
			{
				put<K extends StoredKind>(kind: K, object: Stored[K]): Stored[K] {
					const stamped = hasMeta(object) ? {...object, revision: String(next), updatedAt: now} : object;
					replace(kind, object.id, deepFreeze(stamped));
					return stamped;
				},
				remove(kind: StoredKind, id: string) {
					if (tables.get(kind, id)) replace(kind, id, undefined);
				},
			},
		),
		changes: () => [...touched.values()].flatMap(entry => changeOf(entry, tables.get(entry.kind, entry.id), next)),
		rollBack() {
			// All away before anything comes back: names may have changed hands.
			for (const {kind, id} of touched.values()) {
				tables.replace(kind, id, undefined);
			}

			for (const {kind, id, before} of touched.values()) {
				tables.replace(kind, id, before);
			}
		},
	};
}

function changeOf({kind, id, before}: Touched, object: AnyStored | undefined, revision: number): StoreChange[] {
	if (object) return [{type: 'put', kind, object, ...(before && {before}), revision} as StoreChange];
	return before ? [{type: 'remove', kind, id, object: before, revision} as StoreChange] : [];
}

function hasMeta(object: AnyStored): object is AnyStored & Meta {
	return object.kind !== 'spec-version' && object.kind !== 'file-version';
}
