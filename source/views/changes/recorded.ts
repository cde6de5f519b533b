import type {JournalEntry} from '../../actions/journal.ts';
import {toClusterError} from '../../core/error.ts';
import type {Ui} from '../ui.ts';

type Recorded = {
	/** Of this context, the newest first. */
	readonly entries: readonly JournalEntry[];
	/** All, as they are recorded: whether one was undone stands in another. */
	readonly all: readonly JournalEntry[];
	readonly failure?: string;
};

/** Who else writes to the record tells nobody: it is read again so often while it is looked at. */
const againMs = 5000;
const known = new WeakMap<Ui, Recorded>();
const cancels = new WeakMap<Ui, () => void>();

/** Undefined: not read yet. */
export function recordedOf(ui: Ui): Recorded | undefined {
	return known.get(ui);
}

/** Reads what is recorded now, and again as long as it is looked at. */
export function beginReading(ui: Ui): void {
	cancels.get(ui)?.();
	let isOver = false;
	let cancel = () => {};
	cancels.set(ui, () => {
		isOver = true;
		cancel();
	});
	const read = () => {
		void recorded(ui).then(found => {
			if (!isOver) {
				known.set(ui, found);
				cancel = ui.clock.after(againMs, read);
				ui.refresh();
			}
		});
	};
	read();
}

/** What this dashboard has just recorded is shown at once. */
export function readAgain(ui: Ui): void {
	if (cancels.has(ui)) {
		beginReading(ui);
	}
}

export function endReading(ui: Ui): void {
	cancels.get(ui)?.();
	cancels.delete(ui);
}

async function recorded(ui: Ui): Promise<Recorded> {
	const {journal, backend} = ui.executor;
	try {
		const all = await journal.read();
		return {all: [...all], entries: all.filter(({context}) => context === backend.name).toReversed()};
	} catch (error) {
		const {all = [], entries = []} = known.get(ui) ?? {};
		return {all, entries, failure: toClusterError(error).message};
	}
}
