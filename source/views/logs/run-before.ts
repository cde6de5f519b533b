import type {Target} from '../keymap.ts';
import {aboutOf, goInto} from '../navigation.ts';
import type {Ui} from '../ui.ts';

/** Into the logs of an instance, and there to the run before: as the key of that screen does it. */
export function goToRunBefore(ui: Ui, target: Target): void {
	goInto(ui, 'logs', aboutOf(target));
	ui.screen.keymap.find(({keys}) => keys.includes('p'))?.press?.(ui, target, 'p');
}
