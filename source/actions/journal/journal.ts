import type {Instant, Revision} from '../../core/model/index.ts';
import type {Step} from '../action.ts';

/** A step as it was carried out. */
export type JournalStep = {
	/** Without functions: an effect keeps its title only. */
	readonly step: Readonly<Record<string, unknown>>;
	readonly revisionBefore?: Revision;
	readonly revisionAfter?: Revision;
	readonly objectId?: string;
	/** What the object's spec held afterwards, of the members that were changed. */
	readonly after?: unknown;
	/** What undoes it, to be refused when the object holds something else than `after`. */
	readonly inverse?: Step;
};

/** One change by one person: who asked for what, when, and what came of it. */
export type JournalEntry = {
	readonly id: string;
	readonly at: Instant;
	readonly who: string;
	readonly context: string;
	/** The equal muster command. */
	readonly command: string;
	readonly action: string;
	/** The entry that it took back. */
	readonly undoes?: string;
	/** Those that were carried out. */
	readonly steps: readonly JournalStep[];
	readonly result: {readonly ok: true} | {readonly ok: false; readonly code: string; readonly message: string};
};

/** Where changes are recorded; never changed, only added to. */
export type Journal = {
	record(entry: JournalEntry): void | Promise<void>;
	/** The newest last, as far back as is kept. */
	read(): Promise<readonly JournalEntry[]>;
};
