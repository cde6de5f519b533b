import type {Secret} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {absent} from '../widgets/cells.ts';
import {namedColumns} from '../widgets/named-columns.ts';
import {secretsKeymap} from './keymap.ts';

export const secretsScreen: TableScreen<'secret'> = {
	type: 'table',
	id: 'secrets',
	aliases: ['secret', 'sec'],
	kind: 'secret',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: namedColumns<Secret>([
		{
			title: 'VERSION',
			letter: 'v',
			priority: 1,
			min: 7,
			max: 8,
			cell: ({version}) => (version === undefined ? absent : String(version)),
			sortBy: ({version}) => version,
		},
		{
			title: 'TYPE',
			letter: 't',
			priority: 3,
			min: 4,
			max: 36,
			cell: ({type}) => type ?? absent,
			sortBy: ({type}) => type,
		},
		{
			title: 'FILES',
			letter: 'f',
			priority: 2,
			min: 5,
			max: 40,
			cell: ({files}) => files.join(', '),
			sortBy: ({files}) => files.length,
		},
	]),
	filterable: ({name, spec}) => ({text: name, labels: spec.labels}),
	isFault: () => false,
	keymap: secretsKeymap,
	empty: 'No secret here.',
};
