import {editSecret} from '../../actions/stored/edit-file.ts';
import {removeSecret} from '../../actions/stored/remove-stored.ts';
import {describeRow, quietYamlRow} from '../describe/rows.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const secretsKeymap: readonly KeymapRow[] = [
	{...describeRow, keys: ['enter', 'd']},
	formRow(editSecret, {
		keys: ['u'],
		hint: 'update',
		help: 'Give it new content or other labels, in a form: a new version',
	}),
	quietYamlRow,
	{keys: ['ctrl-d'], run: removeSecret, hint: 'delete', help: 'Remove it in all its versions, when confirmed'},
];
