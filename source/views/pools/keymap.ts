import {removePool, updatePool} from '../../actions/node/pool.ts';
import {explainRow, quietYamlRow} from '../describe/rows.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const poolsKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it: its nodes and its last decisions'},
	formRow(updatePool, {keys: ['u'], hint: 'update', help: 'Change it: how many nodes, what each offers, when they go'}),
	explainRow,
	quietYamlRow,
	{keys: ['ctrl-d'], run: removePool, hint: 'delete', help: 'Drain and remove its nodes, then itself, when confirmed'},
];
