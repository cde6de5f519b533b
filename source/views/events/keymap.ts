import {kinds} from '../../core/model/index.ts';
import type {KeymapRow} from '../keymap.ts';
import {goInto} from '../navigation/navigation.ts';

export const eventsKeymap: readonly KeymapRow[] = [
	{
		keys: ['enter', 'd'],
		hint: 'describe',
		help: 'Show all about the object of the event',
		needsTarget: true,
		press(ui, target) {
			const about = target?.kind === 'event' ? target.about : undefined;
			const kind = kinds.find(one => one === about?.kind);
			if (about !== undefined && kind !== undefined) {
				goInto(ui, 'describe', {kind, id: about.id, name: about.name});
			}
		},
	},
];
