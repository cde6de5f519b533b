import {removeVolume} from '../../actions/stored/remove-stored.ts';
import {describeRow, quietYamlRow} from '../describe/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const volumesKeymap: readonly KeymapRow[] = [
	{...describeRow, keys: ['enter', 'd']},
	quietYamlRow,
	{keys: ['ctrl-d'], run: removeVolume, hint: 'delete', help: 'Remove it with everything in it, when confirmed'},
];
