import type {Image} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {absent} from '../widgets/cells.ts';
import type {Column} from '../widgets/columns.ts';

const imageColumns: ReadonlyArray<Column<Image>> = [
	{
		title: 'NAME',
		letter: 'n',
		isName: true,
		priority: 0,
		min: 6,
		max: 40,
		cell: ({name}) => name,
		sortBy: ({name}) => name,
	},
	{title: 'ORIGIN', letter: 'o', priority: 1, min: 8, max: 8, cell: ({origin}) => origin, sortBy: ({origin}) => origin},
	{
		title: 'PORT',
		letter: 'p',
		priority: 2,
		min: 4,
		max: 5,
		align: 'right',
		cell: ({port}) => (port === undefined ? absent : String(port)),
		sortBy: ({port}) => port,
	},
	{title: 'COMMAND', priority: 1, min: 10, max: 60, cell: ({command}) => command.join(' ')},
	{title: 'DESCRIPTION', priority: 3, min: 11, max: 100, cell: ({description = ''}) => description},
];

export const imagesScreen: TableScreen<'image'> = {
	type: 'table',
	id: 'images',
	aliases: ['image', 'img'],
	kind: 'image',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: imageColumns,
	filterable: ({name, description = ''}) => ({text: `${name} ${description}`}),
	isFault: () => false,
	keymap: [],
	empty: 'No image. Add a folder with an image.yaml:  muster image add PATH',
};
