import type {StoreChange, Stored, StoredKind} from './store.ts';

/** What a store was when it was last written. */
export type StoredState = {readonly revision: number; readonly objects: Iterable<Stored[StoredKind]>};

/** Where a store keeps what must outlive its process. Real: sqlite.ts. Tests: test/helpers/memory-disk.ts. */
export type Persistence = {
	load(): StoredState;
	/** One transaction, all or nothing; throws ClusterError `storage` when it could not be written. */
	write(revision: number, changes: readonly StoreChange[], durable: boolean): void;
	/** Fulfilled when everything that was written is on the disk to stay, also what was not durable; rejected with ClusterError
	 *  `storage`. Absent: all is, as soon as it is written. */
	synced?(): Promise<void>;
	/** The state as it is, whole, as a new file that is a store of its own; absent: there are no files. */
	copyTo?(file: string): void;
	close(): void;
};
