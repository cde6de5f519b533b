import type {KeymapRow} from '../keymap.ts';
import {frameParts} from '../state.ts';
import type {Ui} from '../ui.ts';

/** Scrolling in lines of text. */
export const textKeymap: readonly KeymapRow[] = [
	{keys: ['j', 'down'], hint: 'down', help: 'Scroll down', quiet: true, press: ui => scroll(ui, 1)},
	{keys: ['k', 'up'], hint: 'up', help: 'Scroll up', quiet: true, press: ui => scroll(ui, -1)},
	{
		keys: ['pgdn', 'ctrl-f', ' '],
		hint: 'page down',
		help: 'Scroll down by a page',
		quiet: true,
		press: ui => scroll(ui, frameParts(ui.state).body),
	},
	{
		keys: ['pgup', 'ctrl-b'],
		hint: 'page up',
		help: 'Scroll up by a page',
		quiet: true,
		press: ui => scroll(ui, -frameParts(ui.state).body),
	},
	{keys: ['g', 'home'], hint: 'top', help: 'Go to the first line', quiet: true, press: ui => ui.updatePlace({top: 0})},
	{keys: ['G', 'end'], hint: 'end', help: 'Go to the last line', quiet: true, press: toEnd},
];

/** From the end it starts where it is seen to be. Reaching the end again is staying there, where lines still come. */
export function scroll(ui: Ui, by: number): void {
	const last = lastTop(ui);
	const top = Math.max(0, Math.min(last, (ui.place.top ?? last) + by));
	if (top === last && follows(ui)) {
		ui.updatePlace({top: undefined});
	} else {
		ui.updatePlace({top});
	}
}

export function toEnd(ui: Ui): void {
	ui.updatePlace({top: follows(ui) ? undefined : lastTop(ui)});
}

function follows(ui: Ui): boolean {
	return ui.screen.type === 'text' && ui.screen.follows === true;
}

function lastTop(ui: Ui): number {
	return Math.max(0, ui.text.count - frameParts(ui.state).body);
}
