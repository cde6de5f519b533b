import {removeVolume} from '../../actions/stored/remove-stored.ts';
import type {KeymapRow} from '../keymap.ts';

export const volumesKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML', quiet: true},
	{keys: ['ctrl-d'], run: removeVolume, hint: 'delete', help: 'Remove it with everything in it, when confirmed'},
];
