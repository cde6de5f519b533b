import type {Journal, JournalEntry} from './journal.ts';

const mostKept = 1000;

/** Of one session: nothing outlives it. */
export function memoryJournal(): Journal {
	const entries: JournalEntry[] = [];
	return {
		record(entry) {
			entries.push(entry);
			entries.splice(0, entries.length - mostKept);
		},
		read: async () => [...entries],
	};
}
