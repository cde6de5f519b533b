import type {StoreChange} from './store.ts';

type Listener = (changes: readonly StoreChange[]) => void;

/** Tells commits to listeners, in the order of the commits, also when a listener commits itself. */
export type CommitFeed = {
	tell(changes: readonly StoreChange[]): void;
	subscribe(listener: Listener): () => void;
	close(): void;
};

export function createCommitFeed(): CommitFeed {
	const listeners = new Set<Listener>();
	const untold: Array<readonly StoreChange[]> = [];
	let isTelling = false;

	return {
		tell(committed) {
			untold.push(committed);
			if (isTelling) return;
			isTelling = true;
			for (let changes = untold.shift(); changes; changes = untold.shift()) {
				for (const listener of listeners) {
					callSafely(listener, changes);
				}
			}

			isTelling = false;
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		close() {
			listeners.clear();
		},
	};
}

/** What was committed stays so: a listener that throws is a fault of this program, for the process to end by. */
function callSafely(listener: Listener, changes: readonly StoreChange[]): void {
	try {
		listener(changes);
	} catch (error) {
		queueMicrotask(() => {
			throw error;
		});
	}
}
