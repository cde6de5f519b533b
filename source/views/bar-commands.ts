import {suspend} from './suspend.ts';
import type {Ui} from './ui.ts';

/** A word of the command bar that goes to no screen. */
export type BarCommand = {
	/** Its name, and other words for it. */
	readonly words: readonly [string, ...string[]];
	/** What it does, shown behind it. */
	readonly hint: string;
	/** What may stand behind it. */
	complete?(ui: Ui): readonly string[];
	run(ui: Ui, rest: string): void;
};

export const barCommands: readonly BarCommand[] = [
	{words: ['quit', 'q', 'q!', 'exit'], hint: 'leave muster', run: ui => ui.leave()},
	{words: ['suspend', 'stop'], hint: 'back to the shell for a while; fg comes back', run: suspend},
	{
		words: ['mouse'],
		hint: "whose the mouse is: on, muster's; off, the terminal's, which selects text",
		complete: () => ['on', 'off'],
		run: setMouse,
	},
];

function setMouse(ui: Ui, wanted: string): void {
	const {terminal} = ui;
	terminal.hasMouse = wanted === '' ? !terminal.hasMouse : wanted !== 'off';
	const whose = terminal.hasMouse ? "muster's: clicks select, shift selects text" : "the terminal's: it selects text";
	ui.say('good', `The mouse is ${whose}.`);
}
