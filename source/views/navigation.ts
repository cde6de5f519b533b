import {type About, newPlace, type Place} from './state.ts';
import type {Ui} from './ui.ts';

/** Goes into a screen; the one left is a crumb to come back to. */
export function goInto(ui: Ui, screen: string, about?: About): void {
	leaveScreen(ui);
	ui.update({places: [...ui.state.places, placeFor(ui, screen, about)].slice(-maxCrumbs)});
	openScreen(ui);
}

/** Starts anew at a screen, as the command bar does. */
export function goTo(ui: Ui, screen: string, filter = ''): void {
	leaveScreen(ui);
	ui.update({places: [{...placeFor(ui, screen), filter}]});
	openScreen(ui);
}

/** `esc`: takes back what narrows the list, else goes to the crumb before. */
export function goBack(ui: Ui): void {
	const {place, state} = ui;
	if (state.message !== undefined) {
		ui.update({message: undefined});
	}

	if (place.filter !== '' || place.faultsOnly) {
		ui.updatePlace({filter: '', faultsOnly: false});
	} else if (state.places.length > 1) {
		leaveScreen(ui);
		ui.update({places: state.places.slice(0, -1)});
		openScreen(ui);
	}
}

/** `q`: back, and at the top out. */
export function quit(ui: Ui): void {
	if (ui.state.places.length > 1) {
		ui.updatePlace({filter: '', faultsOnly: false});
		goBack(ui);
	} else {
		ui.leave();
	}
}

const maxCrumbs = 20;

function placeFor(ui: Ui, screen: string, about?: About): Place {
	const place = newPlace(screen, about);
	const found = ui.screenOf(place);
	return found.type === 'text' && found.follows ? {...place, top: undefined} : place;
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
