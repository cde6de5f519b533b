import type {Instant, Kind} from '../core/model/index.ts';
import {displayWidth} from '../core/text/text.ts';
import {emptyList, type ListState} from './list/list.ts';
import type {Overlay} from './overlay.ts';
import type {Written} from './text/pattern.ts';
import type {Role} from './theme.ts';

export type Size = {readonly columns: number; readonly rows: number};

/** What a screen is about: the instances of this service, the logs of that instance. */
export type About = {readonly kind: Kind; readonly id: string; readonly name: string};

/** One screen that was gone into, as it was left. */
export type Place = {
	readonly screen: string;
	readonly about?: About;
	readonly list: ListState;
	readonly filter: string;
	readonly sort?: {readonly column: string; readonly reverse: boolean};
	readonly faultsOnly: boolean;
	readonly wide: boolean;
	/** Ids that were marked: what can be done to many is done to these. */
	readonly marks: ReadonlySet<string>;
	/** The row that was marked last: a range begins there. */
	readonly lastMark?: string | undefined;
	/** A range is being marked, from this row to the cursor. */
	readonly rangeFrom?: string | undefined;
	/** Screens of text: the first visible line; undefined: the end, and it stays there as lines come. */
	readonly top?: number;
	/** The same: what is looked for, and the line that the search is at. */
	readonly search?: (Written & {readonly at?: number}) | undefined;
	/** The same: columns of long lines that were scrolled by. */
	readonly pan?: number;
	/** Logs that are gone into for the run before the present one. */
	readonly isForRunBefore?: true | undefined;
	/** Pictures: what the cursor is on, and its number when it was last seen. */
	readonly cursor?: {readonly key: string | undefined; readonly index: number};
};

/** A change of replicas that is being typed: made by itself when no key follows. */
export type Scaling = {
	readonly id: string;
	readonly name: string;
	readonly from: number;
	readonly to: number;
	/** Takes the timer back. */
	readonly cancel: () => void;
};

/** What a service was last told from here, as long as the cluster has not told it back. */
export type Scaled = {
	readonly id: string;
	readonly to: number;
	/** When it was written; undefined: it is under way. */
	readonly writtenAt?: number;
};

export type Message = {
	readonly role: Role;
	readonly text: string;
	/** Since when it is said: what is waited for tells how long. */
	readonly since: Instant;
};

/** All that the keys have made of the dashboard; what the cluster says is not in here. */
export type State = {
	readonly size: Size;
	/** From the first screen to the one shown. */
	readonly places: readonly Place[];
	/** The views that were shown, each as it was left; which of them is shown, and which was before it. */
	readonly trail: {readonly views: ReadonlyArray<readonly Place[]>; readonly at: number; readonly last: number};
	readonly overlay: Overlay | undefined;
	readonly scaling: Scaling | undefined;
	readonly scaled: Scaled | undefined;
	readonly message: Message | undefined;
};

const noMarks: ReadonlySet<string> = new Set();

export function newPlace(screen: string, about?: About): Place {
	const place = {screen, list: emptyList, filter: '', faultsOnly: false, wide: false, marks: noMarks, top: 0};
	return about === undefined ? place : {...place, about};
}

/** Of a dashboard that begins: its first screen, and what is above where that is about something. */
export function firstPlaces(
	screen: string,
	{about, filter = ''}: {readonly about?: About | undefined; readonly filter?: string | undefined},
): readonly Place[] {
	const first = newPlace(screen);
	return about === undefined ? [{...first, filter}] : [first, {...newPlace(screen, about), filter}];
}

/** What failed is worth the room that it takes to say why. */
const mostMessageRows = 4;

/** How many lines each part of a frame has, from its top. On a tiny terminal the list stays longest. */
export function frameParts({
	size,
	message: said,
}: State): Readonly<Record<'header' | 'body' | 'message' | 'hints', number>> {
	const {columns, rows} = size;
	const hints = rows >= 6 ? 1 : 0;
	const wanted = said === undefined ? 1 : Math.ceil((displayWidth(said.text) + 2) / Math.max(1, columns));
	const message = rows >= 3 ? Math.max(1, Math.min(wanted, mostMessageRows, Math.floor(rows / 6))) : 0;
	const header = rows >= 4 ? 1 : 0;
	return {header, message, hints, body: Math.max(0, rows - header - message - hints)};
}
