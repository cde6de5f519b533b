import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {nodeColumns, nodeNote, nodeRole} from './columns.ts';
import {nodesKeymap} from './keymap.ts';

export const nodesScreen: TableScreen<'node'> = {
	type: 'table',
	id: 'nodes',
	aliases: ['node', 'no'],
	kind: 'node',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: nodeColumns,
	note: nodeNote,
	filterable: ({name, status, availability, spec}) => ({
		text: `${name} ${status.state} ${availability}`,
		labels: spec.labels,
	}),
	isFault: node => nodeRole(node) !== 'good' || node.availability !== 'active',
	keymap: nodesKeymap,
	empty: 'No node yet. Add one in a shell:  muster node add',
};
