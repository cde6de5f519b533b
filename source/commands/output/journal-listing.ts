import type {JournalEntry} from '../../actions/journal/journal.ts';
import {undoneIds} from '../../actions/journal/undo.ts';
import {age, type Listing} from './listings.ts';
import {toTime} from './shape.ts';

/** A recorded change; its name is what `muster undo` takes. */
export type ListedEntry = JournalEntry & {readonly name: string; readonly isUndone: boolean};

export const journalListing: Listing<ListedEntry> = {
	columns: now => [
		{title: 'ID', value: ({id}) => id},
		{title: 'AGE', align: 'right', value: ({at}) => age(now, at)},
		{title: 'WHO', shrinkTo: 6, value: ({who}) => who},
		{title: 'CONTEXT', wide: true, value: ({context}) => context},
		{
			title: 'RESULT',
			shrinkTo: 8,
			value: ({result, isUndone}) => (result.ok ? (isUndone ? 'undone' : 'done') : result.code),
			tone: ({result}) => (result.ok ? undefined : 'bad'),
		},
		{title: 'COMMAND', shrinkTo: 24, value: ({command}) => command},
	],
	shape: ({id, at, who, context, command, action, steps, result, undoes, isUndone}) => ({
		id,
		at: toTime(at),
		who,
		context,
		command,
		action,
		objects: steps.map(({step}) => {
			const {ref, type} = step as {readonly ref: {readonly kind: string; readonly name: string}; readonly type: string};
			return {kind: ref.kind, name: ref.name, type};
		}),
		result: result.ok ? 'done' : result.code,
		message: result.ok ? null : result.message,
		undoes: undoes ?? null,
		isUndone,
	}),
};

/** The newest last, as it happened. */
export function listedEntries(entries: readonly JournalEntry[]): ListedEntry[] {
	const undone = undoneIds(entries);
	return entries.map(entry => ({...entry, name: entry.id, isUndone: undone.has(entry.id)}));
}
