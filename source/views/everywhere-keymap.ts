import {openPrompt} from './asking.ts';
import {complete, runCommand, suggestion} from './command-bar.ts';
import type {KeymapRow} from './keymap.ts';
import {goBack, goInto, quit} from './navigation.ts';

/** On every screen, after its own rows. */
export const everywhereKeymap: readonly KeymapRow[] = [
	{
		keys: [':'],
		hint: 'go',
		help: 'Go to a screen by its name: `:svc`, `:ins web`, `:node`, `:events`, `:q`; `tab` completes',
		press: ui =>
			openPrompt(ui, {
				label: ':',
				text: '',
				hint: text => suggestion(ui, text),
				complete: text => complete(ui, text),
				submit: text => runCommand(ui, text),
			}),
	},
	{
		keys: ['?'],
		hint: 'help',
		help: 'Show all keys of this screen',
		unavailable: ui => (ui.screen.id === 'help' ? 'This is the help.' : undefined),
		press: ui => goInto(ui, 'help'),
	},
	{keys: ['esc'], hint: 'back', help: 'Take back a filter, else go back a screen', quiet: true, press: goBack},
	{keys: ['q'], hint: 'quit', help: 'Go back a screen; leave at the first', quiet: true, press: quit},
	{keys: ['ctrl-c'], hint: 'leave', help: 'Leave muster', quiet: true, press: ui => ui.leave()},
];
