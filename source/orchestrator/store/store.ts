import type {Instant, NamedKind, Objects, ServiceSpec} from '../../core/model/index.ts';

/** A kept version of a service's spec: instances are made from it by number, history and rollback read it. */
export type SpecVersion = {
	readonly kind: 'spec-version';
	/** `SERVICEID.VERSION` */
	readonly id: string;
	readonly serviceId: string;
	readonly version: number;
	/** When the number was given; absent: by an older muster. */
	readonly createdAt?: Instant;
	readonly spec: ServiceSpec;
};

/** One version of a config's or secret's content; of a secret only sealed. */
export type FileVersion = {
	readonly kind: 'file-version';
	/** `OWNERID.VERSION` */
	readonly id: string;
	readonly ownerId: string;
	readonly version: number;
	readonly createdAt: Instant;
	readonly data?: string | {readonly base64: string};
	readonly sealed?: string;
};

export type Stored = Objects & {'spec-version': SpecVersion; 'file-version': FileVersion};
export type StoredKind = keyof Stored;

/** What became of one object in one transaction. */
export type StoreChange = {
	readonly [K in StoredKind]:
		| {
				readonly type: 'put';
				readonly kind: K;
				readonly object: Stored[K];
				/** What was there; absent: the object is new. */
				readonly before?: Stored[K];
				readonly revision: number;
		  }
		| {
				readonly type: 'remove';
				readonly kind: K;
				readonly id: string;
				readonly object: Stored[K];
				readonly revision: number;
		  };
}[StoredKind];

/** Reads, always of the newest committed state; what is returned is frozen and shared, never changed in place. */
export type StoreReader = {
	get<K extends StoredKind>(kind: K, id: string): Stored[K] | undefined;
	all<K extends StoredKind>(kind: K): Iterable<Stored[K]>;
	count(kind: StoredKind): number;
	byName<K extends NamedKind>(kind: K, name: string): Stored[K] | undefined;
	instancesOfService(serviceId: string): Iterable<Stored['instance']>;
	instancesOnNode(nodeId: string): Iterable<Stored['instance']>;
	readonly revision: number;
};

export type StoreTransaction = StoreReader & {
	/** Sets `revision` and `updatedAt` itself. Reads within the transaction see it. */
	put<K extends StoredKind>(kind: K, object: Stored[K]): Stored[K];
	remove(kind: StoredKind, id: string): void;
};

/**
 * Everything is held in memory and written through; one writer. A transaction is all or nothing: when it throws, or cannot
 * be written (ClusterError `storage`), neither memory nor disk has changed.
 */
export type Store = StoreReader & {
	/** `durable`: on disk before it returns, for what a user was promised; else at the next durable one or checkpoint,
	 *  which a killed process survives all the same. */
	transact<T>(durable: boolean, now: number, run: (tx: StoreTransaction) => T): T;
	/** Fulfilled when everything that is committed now is on disk, durable or not: for those who promise it later, and share the
	 *  way to the disk with others. */
	synced(): Promise<void>;
	/** Every change after `revision`, oldest first; undefined when that is older than what is kept in memory. */
	changesSince(revision: number): readonly StoreChange[] | undefined;
	/** Called once after each commit with its changes; the answer ends it. */
	subscribe(listener: (changes: readonly StoreChange[]) => void): () => void;
	close(): void;
};
