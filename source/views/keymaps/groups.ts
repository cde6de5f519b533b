import {commandRows} from '../bar/commands.ts';
import {boundGroups} from '../config/bindings.ts';
import {scalingKeymap} from '../errands/scaling.ts';
import type {KeymapGroup} from '../keymap.ts';
import type {Screen} from '../screen.ts';
import {textSearchKeymap} from '../text/text-search.ts';
import type {Ui} from '../ui.ts';
import {everywhereKeymap, lastViewRow} from './everywhere-keymap.ts';
import {listKeymap} from './list-keymap.ts';
import {textKeymap} from './text-keymap.ts';

/** All rows of a screen, its own first. */
export function groupsOf({id, type, keymap}: Screen): readonly KeymapGroup[] {
	const search = keymap.some(({keys}) => keys.includes('/')) ? [] : textSearchKeymap;
	const generic: Readonly<Record<Screen['type'], readonly KeymapGroup[]>> = {
		table: [{title: 'every list', rows: [...listKeymap, lastViewRow]}],
		text: [{title: 'text', rows: [...textKeymap, ...search, lastViewRow]}],
		picture: [{title: 'every picture', rows: [lastViewRow]}],
	};
	return [{title: id, rows: keymap}, ...generic[type], {title: 'everywhere', rows: everywhereKeymap}];
}

/** The same, with a user's own keys and commands. */
export function groupsFor({settings}: Ui, screen: Screen): readonly KeymapGroup[] {
	const [own, ...others] = groupsOf(screen) as readonly [KeymapGroup, ...KeymapGroup[]];
	const commands = commandRows(settings.commands, screen.id);
	const more = commands.length === 0 ? [] : [{title: 'your commands', rows: commands}];
	return boundGroups([own, ...more, ...others], settings.bindings);
}

/** The rows that keys reach now: an overlay's hide all others. */
export function activeGroups(ui: Ui): readonly KeymapGroup[] {
	const {overlay, scaling} = ui.state;
	if (
		overlay?.type === 'panel' ||
		overlay?.type === 'chord' ||
		overlay?.type === 'choices' ||
		overlay?.type === 'wait'
	) {
		return [{title: overlay.title, rows: overlay.keymap}];
	}

	const groups = groupsFor(ui, ui.screen);
	const pending = boundGroups([{title: 'pending change', rows: scalingKeymap}], ui.settings.bindings);
	return scaling === undefined ? groups : [...pending, ...groups];
}
