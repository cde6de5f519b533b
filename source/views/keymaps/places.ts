import {scalingKeymap} from '../errands/scaling.ts';
import type {KeymapGroup} from '../keymap.ts';
import {allScreens} from '../screens.ts';
import {groupsOf} from './groups.ts';

/** Every place where keys do something: on each screen its own rows, then those that all of its kind have. */
export function allPlaces(): ReadonlyArray<{readonly screen: string; readonly groups: readonly KeymapGroup[]}> {
	return [
		...allScreens().map(screen => ({screen: screen.id, groups: groupsOf(screen)})),
		{screen: 'pending', groups: [{title: 'pending change', rows: scalingKeymap}]},
	];
}
