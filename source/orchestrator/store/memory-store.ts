import {assert} from '../../core/error.ts';
import {createChangeLog} from './change-log.ts';
import {createCommitFeed} from './commit-feed.ts';
import {deepFreeze} from './freeze.ts';
import type {Persistence} from './persistence.ts';
import type {Store, StoreChange} from './store.ts';
import {createTables, type Tables} from './tables.ts';
import {openTransaction, readerOf} from './transaction.ts';

/** Added to the revision at each opening: what a power cut took, with the numbers it had, never comes back as another. */
const openingGap = 1_000_000;

export type StoreOptions = {
	/** Absent: what is in memory is all there is. */
	readonly persistence?: Persistence;
	/** How many changes `changesSince` can tell of. */
	readonly keptChanges?: number;
};

/** The store: objects and indexes in memory, each transaction written through `persistence` before it is told to anyone. */
export function createMemoryStore({persistence, keptChanges = 8192}: StoreOptions = {}): Store {
	const tables = createTables();
	let revision = load(tables, persistence);
	const log = createChangeLog<StoreChange>(revision, keptChanges);
	const feed = createCommitFeed();
	let isOpen = false;
	/** Until one is on disk to stay, the next opening does not know of this one, and would use its revisions again. */
	let isFirst = true;

	function commit(changes: readonly StoreChange[], durable: boolean): void {
		if (changes.length === 0) return;
		persistence?.write(revision + 1, changes, durable || isFirst);
		isFirst = false;
		revision++;
		log.add(changes);
	}

	return Object.assign(
		readerOf(tables, () => revision),
		{
			transact: ((durable, now, run) => {
				assert(!isOpen, 'transactions of a store do not nest');
				isOpen = true;
				const {tx, changes, rollBack} = openTransaction(tables, revision, now);
				let result: ReturnType<typeof run>;
				let committed: readonly StoreChange[];
				try {
					result = run(tx);
					committed = changes();
					commit(committed, durable);
				} catch (error) {
					rollBack();
					throw error;
				} finally {
					isOpen = false;
				}

				if (committed.length > 0) feed.tell(committed);
				return result;
			}) satisfies Store['transact'],
			synced: () => persistence?.synced?.() ?? Promise.resolve(),
			changesSince: (since: number) => (since > revision ? undefined : log.since(since)),
			subscribe: feed.subscribe,
			close() {
				feed.close();
				persistence?.close();
			},
		},
	);
}

/** Answers with the revision to go on from. */
function load(tables: Tables, persistence: Persistence | undefined): number {
	const {revision, objects} = persistence?.load() ?? {revision: 0, objects: []};
	for (const object of objects) {
		tables.replace(object.kind, object.id, deepFreeze(object));
	}

	return revision === 0 ? 0 : revision + openingGap;
}
