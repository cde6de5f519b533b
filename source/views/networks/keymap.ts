import {removeNetwork} from '../../actions/stored/remove-stored.ts';
import {describeRow, quietYamlRow} from '../describe/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const networksKeymap: readonly KeymapRow[] = [
	{...describeRow, keys: ['enter', 'd']},
	quietYamlRow,
	{keys: ['ctrl-d'], run: removeNetwork, hint: 'delete', help: 'Remove it, when confirmed'},
];
