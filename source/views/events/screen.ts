import type {ClusterEvent} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {ageColumn} from '../widgets/age-column.ts';
import type {Column} from '../widgets/columns.ts';
import {eventsKeymap} from './keymap.ts';

const eventColumns: ReadonlyArray<Column<ClusterEvent>> = [
	ageColumn(0),
	{
		title: 'REASON',
		letter: 'r',
		priority: 1,
		min: 8,
		max: 20,
		cell: ({name, tone}) => ({role: tone === 'warning' ? 'warning' : 'plain', text: name}),
		sortBy: ({name}) => name,
	},
	{
		title: 'OBJECT',
		letter: 'o',
		isName: true,
		priority: 0,
		min: 8,
		max: 40,
		cell: ({about}) => `${about.kind} ${about.name}`,
		sortBy: ({about}) => `${about.kind} ${about.name}`,
	},
	{title: 'MESSAGE', letter: 'm', priority: 0, min: 10, max: 200, cell: ({message}) => message},
];

export const eventsScreen: TableScreen<'event'> = {
	type: 'table',
	id: 'events',
	aliases: ['event', 'ev'],
	kind: 'event',
	belongs: (event, about) => about === undefined || event.about.id === about.id,
	compare: (a, b) => compareValues(b.createdAt, a.createdAt),
	orderedBy: 'AGE',
	columns: eventColumns,
	filterable: ({name, about, message}) => ({text: `${name} ${about.kind} ${about.name} ${message}`}),
	isFault: ({tone}) => tone === 'warning',
	keymap: eventsKeymap,
	growsAtTop: true,
	empty: 'Nothing has happened yet.',
};
