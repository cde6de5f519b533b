import type {JournalEntry} from '../../actions/journal/journal.ts';
import {undoneIds} from '../../actions/journal/undo.ts';
import {toClusterError} from '../../core/error.ts';
import {polled} from '../live/polled.ts';

type Recorded = {
	/** Of this context, the newest first. */
	readonly entries: readonly JournalEntry[];
	/** Theirs. */
	readonly ids: readonly string[];
	/** All, as they are recorded. */
	readonly all: readonly JournalEntry[];
	readonly undone: ReadonlySet<string>;
	readonly failure?: string;
};

const nothing: Recorded = {entries: [], ids: [], all: [], undone: new Set()};

/** Who else writes to the record tells nobody. */
export const recorded = polled<Recorded>(5000, async ({executor: {journal, backend}}, before = nothing) => {
	try {
		const all = [...(await journal.read())];
		const entries = all.filter(({context}) => context === backend.name).toReversed();
		return {entries, ids: entries.map(({id}) => id), all, undone: undoneIds(all)};
	} catch (error) {
		return {...before, failure: toClusterError(error).message};
	}
});
