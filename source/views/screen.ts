import type {Backend} from '../core/backend.ts';
import type {Kind, Objects} from '../core/model/index.ts';
import type {KeymapRow, Target} from './keymap.ts';
import type {Filterable} from './list/filter.ts';
import type {Source} from './list/listing.ts';
import type {About, Place, Size} from './state.ts';
import type {Ui} from './ui.ts';
import type {Column, RowContext} from './widgets/columns.ts';
import type {Span} from './widgets/line.ts';
import type {World} from './world.ts';

type Common = {
	/** Its word in crumbs and the command bar. */
	readonly id: string;
	/** Other words for it in the command bar. */
	readonly aliases: readonly string[];
	readonly keymap: readonly KeymapRow[];
};

/** A list of objects, as data. */
export type TableScreen<K extends Kind = Kind> = Common & {
	readonly type: 'table';
	readonly kind: K;
	/** The list that is meant at a place, where there are several: each has its own columns. The same object as long as it is the same. */
	at?(ui: Ui, place: Place): TableScreen<K>;
	/** Where its objects are from; absent: the collection of its kind. */
	source?(): Source<K>;
	/** Whether it is listed where the screen is about something; absent: always. */
	belongs?(object: Objects[K], about: About | undefined): boolean;
	/** The order where no column is sorted by; `orderedBy` is the column whose title shows it. */
	compare(a: Objects[K], b: Objects[K]): number;
	readonly orderedBy: string;
	/** What chosen columns are kept as; absent: its id. */
	readonly columnsAs?: string;
	readonly columns: ReadonlyArray<Column<Objects[K]>>;
	note?(object: Objects[K], context: RowContext): Span | undefined;
	filterable(object: Objects[K], world: World): Filterable;
	/** Shown under `ctrl-z`. */
	isFault(object: Objects[K]): boolean;
	/** New rows come at the top: a cursor on the first row stays on the first row. */
	readonly growsAtTop?: boolean;
	/** What an empty list says: what to press or to run. */
	readonly empty: string | ((backend: Pick<Backend, 'kinds' | 'name'>) => string);
	/** Below the list: why it may not be as the cluster is. */
	status?(ui: Ui): string;
};

export type TextContext = RowContext & {readonly ui: Ui; readonly about: About | undefined};

/** Lines to scroll in, any number of them: only those seen are asked for. */
export type TextLines = {readonly count: number; at(index: number): readonly Span[]};

/** Logs, describe, help. */
export type TextScreen = Common & {
	readonly type: 'text';
	lines(context: TextContext): TextLines;
	/** It begins at its end and stays there as lines come. */
	readonly follows?: boolean;
	/** Beside its crumb: `following`, `2,000 lines dropped`. */
	status?(ui: Ui): string;
	/** When it is gone into and left: what it shows begins and ends. */
	open?(ui: Ui, about: About | undefined): void;
	close?(ui: Ui): void;
	/** `esc` first takes back what narrows it: whether there was anything. */
	back?(ui: Ui): boolean;
};

/** Map, pulse, troubles: what is neither a list of objects nor text, and fits its room whatever that is. */
export type PictureScreen = Common & {
	readonly type: 'picture';
	draw(ui: Ui, size: Size): ReadonlyArray<readonly Span[]>;
	/** What its cursor is on. */
	target(ui: Ui): Target | undefined;
	/** At the right of the message line: where the cursor is. */
	status?(ui: Ui): string;
	/** A mouse was pressed there: the cursor goes to it. True: it was there already, and `enter` is meant. */
	click(ui: Ui, at: {readonly row: number; readonly column: number}): boolean;
	open?(ui: Ui): void;
	close?(ui: Ui): void;
};

export type Screen = TableScreen | TextScreen | PictureScreen;
