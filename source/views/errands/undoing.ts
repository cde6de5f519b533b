import type {JournalEntry} from '../../actions/journal/journal.ts';
import {lastUndoable, undoAction} from '../../actions/journal/undo.ts';
import {toClusterError} from '../../core/error.ts';
import {afterRead} from '../sessions/wait.ts';
import type {Ui} from '../ui.ts';
import {ask} from './asking.ts';
import {errorText} from './running.ts';

/** Shows what taking the last recorded change back would bring, and does it when told to. */
export function askUndo(ui: Ui): void {
	const {journal, backend} = ui.executor;
	void journal.read().then(
		entries => askAbout(ui, lastUndoable(entries, backend.name)),
		(error: unknown) => ui.say('bad', errorText(toClusterError(error))),
	);
}

function askAbout(ui: Ui, entry: JournalEntry | undefined): void {
	if (entry === undefined) {
		ui.say('warning', `U: no change of ${ui.executor.backend.name} was made with muster that could be undone.`);
		return;
	}

	askUndoOf(ui, entry);
}

/** The same of one of them, whichever it is. */
export function askUndoOf(ui: Ui, entry: JournalEntry): void {
	const action = undoAction(entry);
	const question = action.confirm?.(undefined, {}) ?? `Undo ${entry.command}?`;
	const kinds = new Set(entry.steps.flatMap(({inverse}) => (inverse === undefined ? [] : [inverse.ref.kind])));
	afterRead(ui, [...kinds], () => ask(ui, {action, target: undefined, input: {}, undoes: entry.id}, {question}));
}
