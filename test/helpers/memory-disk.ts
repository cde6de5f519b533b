import type {Persistence} from '../../source/orchestrator/store/persistence.ts';
import type {StoreChange, Stored, StoredKind} from '../../source/orchestrator/store/store.ts';

/** What a process dies of in a simulation: thrown out of a write. */
export class SimulatedCrash extends Error {
	override readonly name = 'SimulatedCrash';
}

export type MemoryDisk = Persistence & {
	/** Asked at each write: dies before it, or after it (it is kept then), or fails with what is thrown. */
	onWrite: ((changes: readonly StoreChange[]) => 'crash before' | 'crash after' | undefined) | undefined;
	/** Writes so far. */
	readonly writes: number;
	/** What was written since the last durable write is gone. */
	losePower(): void;
};

type Entry = Stored[StoredKind] | undefined;

/** Keeps a store's objects across its deaths: open a new store on the same disk to start again. */
export function createMemoryDisk(): MemoryDisk {
	/** Frozen by the store, so that they need not be copied at each write. */
	const objects = new Map<string, Stored[StoredKind]>();
	let kept = 0;
	let writes = 0;
	/** What the writes since the last durable one overwrote, and the revision before them. */
	let unsafe: Array<{readonly key: string; readonly before: Entry}> = [];
	let safe = 0;

	function replace(key: string, object: Entry): void {
		unsafe.push({key, before: objects.get(key)});
		if (object) {
			objects.set(key, object);
		} else {
			objects.delete(key);
		}
	}

	const disk: MemoryDisk = {
		onWrite: undefined,
		get writes() {
			return writes;
		},
		load: () => ({revision: kept, objects: [...objects.values()].map(object => JSON.parse(JSON.stringify(object)))}),
		write(revision, changes, durable) {
			const fate = disk.onWrite?.(changes);
			if (fate === 'crash before') throw new SimulatedCrash('before the write');
			writes++;
			kept = revision;
			for (const change of changes) {
				const id = change.type === 'put' ? change.object.id : change.id;
				replace(`${change.kind} ${id}`, change.type === 'put' ? change.object : undefined);
			}

			if (durable) {
				unsafe = [];
				safe = revision;
			}

			if (fate === 'crash after') throw new SimulatedCrash('after the write');
		},
		losePower() {
			for (const {key, before} of unsafe.toReversed()) {
				replace(key, before);
			}

			unsafe = [];
			kept = safe;
		},
		close() {},
	};
	return disk;
}
