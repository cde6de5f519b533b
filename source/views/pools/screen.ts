import {formatBytes} from '../../core/text/units.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {ageColumn} from '../widgets/age-column.ts';
import {poolsKeymap} from './keymap.ts';

export const poolsScreen: TableScreen<'pool'> = {
	type: 'table',
	id: 'pools',
	aliases: ['pool'],
	kind: 'pool',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: [
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
		{
			title: 'NODES',
			letter: 'o',
			priority: 0,
			min: 5,
			max: 12,
			cell: ({status}) => (status.ready === status.nodes ? String(status.nodes) : `${status.ready}/${status.nodes}`),
			sortBy: ({status}) => status.nodes,
		},
		{
			title: 'RANGE',
			letter: 'r',
			priority: 0,
			min: 5,
			max: 9,
			cell: ({spec}) => `${spec.min}–${spec.max}`,
			sortBy: ({spec}) => spec.max,
		},
		{
			title: 'EACH',
			priority: 2,
			min: 8,
			max: 24,
			cell: ({spec: {capacity}}) =>
				`${capacity.cpus ?? 'all'} cpu${capacity.memoryBytes === undefined ? '' : ` ${formatBytes(capacity.memoryBytes)}`}`,
		},
		{
			title: 'CHANGED',
			letter: 'c',
			priority: 2,
			min: 7,
			max: 7,
			align: 'right',
			cell: ({status}, {ages}) => (status.changed === undefined ? '' : ages.of(status.changed.at)),
			sortBy: ({status}) => -(status.changed?.at ?? 0),
		},
		{
			title: 'DECISION',
			priority: 1,
			min: 20,
			max: 80,
			cell: ({status, removing}) => (removing ? 'is being removed' : status.reason),
		},
		ageColumn(3),
	],
	filterable: ({name, spec, status}) => ({text: `${name} ${status.reason}`, labels: spec.labels}),
	isFault: ({status, removing}) => removing || status.ready < status.nodes,
	keymap: poolsKeymap,
	empty: 'No pool of nodes. Press n to create one; in a shell:  muster pool create --max 4 --cpus 1 burst',
};
