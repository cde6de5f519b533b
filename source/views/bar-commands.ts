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
];
