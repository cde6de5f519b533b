import type {Network} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {absent} from '../widgets/cells.ts';
import {namedColumns} from '../widgets/named-columns.ts';
import {networksKeymap} from './keymap.ts';

export const networksScreen: TableScreen<'network'> = {
	type: 'table',
	id: 'networks',
	aliases: ['network', 'net'],
	kind: 'network',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: namedColumns<Network>([
		{
			title: 'DRIVER',
			letter: 'd',
			priority: 1,
			min: 6,
			max: 16,
			cell: ({spec}) => spec.driver ?? absent,
			sortBy: ({spec}) => spec.driver,
		},
		{title: 'REACH', letter: 'r', priority: 3, min: 7, max: 8, cell: ({reach}) => reach, sortBy: ({reach}) => reach},
	]),
	filterable: ({name, spec}) => ({text: `${name} ${spec.driver ?? ''}`, labels: spec.labels}),
	isFault: () => false,
	keymap: networksKeymap,
	empty: 'No network here.',
};
