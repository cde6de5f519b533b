import type {Journal, JournalEntry} from '../actions/journal/journal.ts';

/** What commands of this user recorded, and what the daemon recorded of those who came by TCP, as it happened. */
export async function readJournals(own: Journal, access: Journal): Promise<readonly JournalEntry[]> {
	const [mine, others] = await Promise.all([own.read(), access.read()]);
	return others.length === 0 ? mine : [...mine, ...others].toSorted((a, b) => a.at - b.at);
}
