import {editConfig} from '../../actions/stored/edit-file.ts';
import {removeConfig} from '../../actions/stored/remove-stored.ts';
import {describeRow, quietYamlRow} from '../describe/rows.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const configsKeymap: readonly KeymapRow[] = [
	{...describeRow, keys: ['enter', 'd']},
	formRow(editConfig, {
		keys: ['u'],
		hint: 'update',
		help: 'Give it new content or other labels, in a form: a new version',
	}),
	quietYamlRow,
	{keys: ['ctrl-d'], run: removeConfig, hint: 'delete', help: 'Remove it in all its versions, when confirmed'},
];
