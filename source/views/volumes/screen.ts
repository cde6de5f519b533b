import type {Volume} from '../../core/model/index.ts';
import {formatBytes} from '../../core/text/units.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {absent} from '../widgets/cells.ts';
import {namedColumns} from '../widgets/named-columns.ts';
import {volumesKeymap} from './keymap.ts';

export const volumesScreen: TableScreen<'volume'> = {
	type: 'table',
	id: 'volumes',
	aliases: ['volume', 'vol', 'pvc'],
	kind: 'volume',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: namedColumns<Volume>([
		{
			title: 'DRIVER',
			letter: 'd',
			priority: 2,
			min: 6,
			max: 16,
			cell: ({spec}) => spec.driver ?? spec.storageClass ?? absent,
			sortBy: ({spec}) => spec.driver ?? spec.storageClass,
		},
		{
			title: 'SIZE',
			priority: 3,
			min: 5,
			max: 9,
			align: 'right',
			ifAny: true,
			cell: ({spec: {sizeBytes}}) => (sizeBytes === undefined ? '' : formatBytes(sizeBytes)),
			sortBy: ({spec}) => spec.sizeBytes,
		},
		{
			title: 'MESSAGE',
			priority: 1,
			min: 7,
			max: 30,
			ifAny: true,
			cell: ({message}) => (message === undefined ? '' : {role: 'bad', text: message}),
			sortBy: ({message}) => message,
		},
		{
			title: 'NODE',
			letter: 'o',
			priority: 1,
			min: 4,
			max: 24,
			ifAny: true,
			cell: ({nodeName}) => nodeName ?? '',
			sortBy: ({nodeName}) => nodeName,
		},
	]),
	filterable: ({name, spec}) => ({text: name, labels: spec.labels}),
	isFault: ({message}) => message !== undefined,
	keymap: volumesKeymap,
	empty: 'No volume here.',
	status({collections}) {
		const [gap, ...others] = collections.gaps('volume');
		const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
		return gap === undefined
			? ''
			: `not shown is what could not be asked: ${gap.split('. ')[0]?.replace(/\.$/, '')}${more}`;
	},
};
