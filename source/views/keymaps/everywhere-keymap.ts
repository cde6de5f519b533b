import {openCommandBar} from '../bar/command-bar.ts';
import {askUndo} from '../errands/undoing.ts';
import type {KeymapRow} from '../keymap.ts';
import {jump, whyNoJump} from '../navigation/jumps.ts';
import {goBack, goInto, quit, toLastView, walk} from '../navigation/navigation.ts';
import {redraw} from '../terminal/suspend.ts';
import type {Ui} from '../ui.ts';

/** On every screen but where `-` scales. */
export const lastViewRow: KeymapRow = {
	keys: ['-'],
	hint: 'last view',
	help: 'Go to the view that was shown last, and back again',
	quiet: true,
	press: toLastView,
};

/** On every screen, after its own rows. */
export const everywhereKeymap: readonly KeymapRow[] = [
	{
		keys: [':'],
		hint: 'go',
		help: 'Go to a screen by its name: `:svc`, `:ins web`, `:node n2`, `:logs web`, `:suspend`, `:q`; `tab` completes, `↑` repeats',
		press: openCommandBar,
	},
	{
		keys: ['[', ']'],
		hint: 'before, after',
		help: 'Go to the view before, or back to the one after it',
		quiet: true,
		press: (ui, _, key) => walk(ui, key === '[' ? -1 : 1),
	},
	{
		keys: ['?', 'ctrl-a'],
		hint: 'help',
		help: 'Show all keys of this screen, and the words of the command bar',
		unavailable: ui => (ui.screen.id === 'help' ? 'This is the help.' : undefined),
		press: ui => goInto(ui, 'help'),
	},
	{
		keys: ['U'],
		hint: 'undo',
		help: 'Take the last change back that was made with muster, when confirmed',
		quiet: true,
		refused: whyNoUndo,
		unavailable: whyNoUndo,
		press: askUndo,
	},
	{keys: ['esc'], hint: 'back', help: 'Take back a filter, else go back a screen', quiet: true, press: goBack},
	{keys: ['q'], hint: 'quit', help: 'Go back a screen; leave at the first', quiet: true, press: quit},
	{
		keys: ['J'],
		hint: 'its service',
		help: 'Go to the service of an instance, or to what an event is about; `esc` comes back',
		quiet: true,
		needsTarget: true,
		unavailable: (ui, target) => whyNoJump(ui, target, 'owner'),
		press: (ui, target) => jump(ui, target, 'owner'),
	},
	{
		keys: ['H'],
		hint: 'its host',
		help: 'Go to the node that an instance is on; `esc` comes back',
		quiet: true,
		needsTarget: true,
		unavailable: (ui, target) => whyNoJump(ui, target, 'host'),
		press: (ui, target) => jump(ui, target, 'host'),
	},
	{
		keys: ['ctrl-l'],
		hint: 'redraw',
		help: 'Draw the whole screen again, where something else has written on the terminal',
		quiet: true,
		press: redraw,
	},
	{keys: ['ctrl-c'], hint: 'leave', help: 'Leave muster', quiet: true, press: ui => ui.leave()},
];

function whyNoUndo({executor}: Ui): string | undefined {
	return executor.readOnly ? 'Nothing is changed in read-only mode.' : undefined;
}
