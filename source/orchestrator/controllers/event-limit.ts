import type {StoreTransaction} from '../store/store.ts';

/** Events kept; the oldest go in batches, so that not every new one costs a search. */
export const maxEvents = 2000;
const batch = 200;

export function trimEvents(tx: StoreTransaction): void {
	const surplus = tx.count('event') - maxEvents;
	if (surplus < batch) {
		return;
	}

	const oldest = [...tx.all('event')].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
	for (const {id} of oldest.slice(0, surplus)) {
		tx.remove('event', id);
	}
}
