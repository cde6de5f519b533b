import {editConfig} from '../../actions/stored/edit-file.ts';
import {removeConfig} from '../../actions/stored/remove-stored.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const configsKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it'},
	formRow(editConfig, {
		keys: ['u'],
		hint: 'update',
		help: 'Give it new content or other labels, in a form: a new version',
	}),
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML', quiet: true},
	{keys: ['ctrl-d'], run: removeConfig, hint: 'delete', help: 'Remove it in all its versions, when confirmed'},
];
