import type {Target} from '../keymap.ts';
import {emptyList} from '../list/list.ts';
import {type About, newPlace, type Place, type State} from '../state.ts';
import type {Ui} from '../ui.ts';

/** How a screen is gone to. */
export type Arrival = {
	readonly about?: About | undefined;
	readonly filter?: string;
	/** The object that the cursor is put on. */
	readonly selectedId?: string;
	/** Of logs: the run before is meant. */
	readonly isForRunBefore?: true;
};

/** What a screen about the target is about. */
export function aboutOf({kind, id, name}: Target): About {
	return {kind, id, name};
}

/** Goes into a screen; the one left is a crumb to come back to. */
export function goInto(ui: Ui, screen: string, about?: About, arrival: Arrival = {}): void {
	show(ui, [...ui.state.places, placeFor(ui, screen, {about, ...arrival})].slice(-maxCrumbs));
}

/** Starts anew at a screen, as the command bar does. What it is about can be left for all of it. */
export function goTo(ui: Ui, screen: string, arrival: Arrival = {}): void {
	const place = placeFor(ui, screen, arrival);
	show(ui, arrival.about === undefined ? [place] : [placeFor(ui, screen, {}), place]);
}

/** `esc`: takes back what was said, marked and what narrows the list, else goes to the crumb before. */
export function goBack(ui: Ui): void {
	const {place, state} = ui;
	if (state.message !== undefined) {
		ui.update({message: undefined});
	}

	if (place.rangeFrom !== undefined) {
		ui.updatePlace({rangeFrom: undefined});
	} else if (ui.screen.type === 'text' && ui.screen.back?.(ui)) {
		return;
	} else if (place.search !== undefined) {
		ui.updatePlace({search: undefined});
	} else if (place.filter !== '' || place.faultsOnly) {
		ui.updatePlace({filter: '', faultsOnly: false});
	} else if (place.marks.size > 0) {
		ui.updatePlace({marks: new Set()});
	} else {
		goUp(ui, 1);
	}
}

/** Leaves so many crumbs, as far as there are. */
export function goUp(ui: Ui, count: number): void {
	const {places} = ui.state;
	if (places.length > 1 && count > 0) {
		show(ui, places.slice(0, Math.max(1, places.length - count)));
	}
}

/** `q`: back, and at the top out. */
export function quit(ui: Ui): void {
	if (ui.state.places.length > 1) {
		goUp(ui, 1);
	} else {
		ui.leave();
	}
}

const maxCrumbs = 20;
const maxTrail = 50;

/** `[` and `]`: along the views that were shown. */
export function walk(ui: Ui, by: 1 | -1): void {
	goAlong(
		ui,
		ui.state.trail.at + by,
		by === -1 ? 'There is no view before this one.' : 'There is no view after this one.',
	);
}

/** `-`: the view that was shown before, and back. */
export function toLastView(ui: Ui): void {
	goAlong(ui, ui.state.trail.last, 'No other view was shown yet.');
}

function goAlong(ui: Ui, wanted: number | undefined, otherwise: string): void {
	const trail = rememberedTrail(ui.state);
	const places = wanted === undefined ? undefined : trail.views[wanted];
	if (places === undefined || wanted === undefined || wanted === trail.at) {
		ui.say('warning', otherwise);
		return;
	}

	leaveScreen(ui);
	ui.update({places, trail: {...trail, at: wanted, last: trail.at}});
	openScreen(ui);
}

/** Shows other places: what was ahead on the trail is forgotten. */
function show(ui: Ui, places: readonly Place[]): void {
	const {views, at} = rememberedTrail(ui.state);
	const kept = [...views.slice(0, at + 1), places].slice(-maxTrail);
	leaveScreen(ui);
	ui.update({places, trail: {views: kept, at: kept.length - 1, last: kept.length - 2}});
	openScreen(ui);
}

/** The trail with the view that is shown as it is now. */
function rememberedTrail({trail, places}: State): State['trail'] {
	return {...trail, views: trail.views.with(trail.at, places)};
}

function placeFor(ui: Ui, screen: string, {about, filter = '', selectedId, isForRunBefore}: Arrival): Place {
	const place = {...newPlace(screen, about), filter, isForRunBefore};
	const found = ui.screenOf(place);
	const list = selectedId === undefined ? emptyList : {...emptyList, selectedId};
	return found.type === 'text' && found.follows ? {...place, top: undefined} : {...place, list};
}

function leaveScreen(ui: Ui): void {
	const {screen} = ui;
	if (screen.type !== 'table') {
		screen.close?.(ui);
	}
}

function openScreen(ui: Ui): void {
	const {screen, place} = ui;
	if (screen.type !== 'table') {
		screen.open?.(ui, place.about);
	}
}
