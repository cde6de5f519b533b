import {editSecret} from '../../actions/stored/edit-file.ts';
import {removeSecret} from '../../actions/stored/remove-stored.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const secretsKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it'},
	formRow(editSecret, {
		keys: ['u'],
		hint: 'update',
		help: 'Give it new content or other labels, in a form: a new version',
	}),
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML', quiet: true},
	{keys: ['ctrl-d'], run: removeSecret, hint: 'delete', help: 'Remove it in all its versions, when confirmed'},
];
