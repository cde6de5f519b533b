import {removeNetwork} from '../../actions/stored/remove-stored.ts';
import type {KeymapRow} from '../keymap.ts';

export const networksKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML', quiet: true},
	{keys: ['ctrl-d'], run: removeNetwork, hint: 'delete', help: 'Remove it, when confirmed'},
];
