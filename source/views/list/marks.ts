import type {Target} from '../keymap.ts';
import type {Place} from '../state.ts';
import type {Ui} from '../ui.ts';
import type {Listing} from './listing.ts';

/** The ids that are marked: those that were, and those of the range up to the cursor. */
export function markedIds({
	place,
	listing,
}: {
	readonly place: Place;
	readonly listing: Listing<Target>;
}): ReadonlySet<string> {
	const {marks, rangeFrom, list} = place;
	const from = rangeFrom === undefined ? -1 : listing.ids.indexOf(rangeFrom);
	if (from === -1) {
		return marks;
	}

	return new Set([...marks, ...between(listing.ids, from, list.index)]);
}

/** What is marked and still there, in the order of the list; what a filter hides comes last. */
export function markedTargets(ui: Ui): readonly Target[] {
	const {screen} = ui;
	if (screen.type !== 'table' || (ui.place.marks.size === 0 && ui.place.rangeFrom === undefined)) {
		return [];
	}

	const marked = markedIds(ui);
	const seen = ui.listing.objects.filter(({id}) => marked.has(id));
	const shown = new Set(seen.map(({id}) => id));
	const hidden = [...marked].filter(id => !shown.has(id)).flatMap(id => ui.find({kind: screen.kind, id}) ?? []);
	return [...seen, ...hidden];
}

/** `space` */
export function toggleMark(ui: Ui): void {
	const id = ui.target?.id;
	if (id === undefined) {
		return;
	}

	const marks = new Set(markedIds(ui));
	if (!marks.delete(id)) {
		marks.add(id);
	}

	ui.updatePlace({marks, lastMark: id, rangeFrom: undefined});
}

/** `ctrl-space`: all from the row that was marked last to the cursor. */
export function markRange(ui: Ui): void {
	const {place, listing} = ui;
	const id = ui.target?.id;
	const from = listing.ids.indexOf(place.lastMark ?? id ?? '');
	if (id !== undefined && from !== -1) {
		const marks = new Set([...markedIds(ui), ...between(listing.ids, from, place.list.index)]);
		ui.updatePlace({marks, lastMark: id, rangeFrom: undefined});
	}
}

/** `v`: from here on the cursor marks what it passes; pressed again it stays so. */
export function toggleRange(ui: Ui): void {
	const id = ui.target?.id;
	if (ui.place.rangeFrom !== undefined) {
		ui.updatePlace({marks: markedIds(ui), lastMark: id, rangeFrom: undefined});
	} else if (id !== undefined) {
		ui.updatePlace({rangeFrom: id});
	}
}

/** `M`: all that are listed; where all of them are already, none. */
export function toggleAll(ui: Ui): void {
	const {ids} = ui.listing;
	const marked = markedIds(ui);
	const isAll = ids.length > 0 && ids.every(id => marked.has(id));
	ui.updatePlace({marks: isAll ? new Set() : new Set([...marked, ...ids]), rangeFrom: undefined});
}

export function unmarkAll(ui: Ui): void {
	ui.updatePlace({marks: new Set(), lastMark: undefined, rangeFrom: undefined});
}

/** What went through is not marked any more. */
export function unmark(ui: Ui, ids: readonly string[]): void {
	const done = new Set(ids);
	const places = ui.state.places.map(place => {
		const isTouched = ids.some(id => place.marks.has(id));
		return isTouched ? {...place, marks: new Set([...place.marks].filter(id => !done.has(id)))} : place;
	});
	ui.update({places});
}

/** `3 marked, 1 of them not shown` */
export function marksText({place, listing}: {readonly place: Place; readonly listing: Listing<Target>}): string {
	if (place.marks.size === 0 && place.rangeFrom === undefined) {
		return '';
	}

	const marked = markedIds({place, listing});
	const shown = listing.ids.reduce((count, id) => count + Number(marked.has(id)), 0);
	const range = place.rangeFrom === undefined ? '' : ', v ends the range';
	return `${marked.size} marked${shown < marked.size ? `, ${marked.size - shown} of them not shown` : ''}${range}`;
}

function between(ids: readonly string[], a: number, b: number): readonly string[] {
	return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
