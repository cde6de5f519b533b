import type {Target} from '../keymap.ts';
import {aboutOf, goInto} from '../navigation/navigation.ts';
import type {Ui} from '../ui.ts';

/** Into the logs of the run before an instance's present one. */
export function goToRunBefore(ui: Ui, target: Target): void {
	goInto(ui, 'logs', aboutOf(target), {isForRunBefore: true});
}
