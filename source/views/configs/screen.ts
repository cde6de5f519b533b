import type {Config} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {absent} from '../widgets/cells.ts';
import {namedColumns} from '../widgets/named-columns.ts';
import {configsKeymap} from './keymap.ts';

export const configsScreen: TableScreen<'config'> = {
	type: 'table',
	id: 'configs',
	aliases: ['config', 'cfg', 'cm', 'configmap', 'configmaps'],
	kind: 'config',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: namedColumns<Config>([
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
			title: 'FILES',
			letter: 'f',
			priority: 2,
			min: 5,
			max: 40,
			cell: ({spec}) => Object.keys(spec.data).join(', '),
			sortBy: ({spec}) => Object.keys(spec.data).length,
		},
	]),
	filterable: ({name, spec}) => ({text: name, labels: spec.labels}),
	isFault: () => false,
	keymap: configsKeymap,
	empty: 'No config here.',
};
