import type {Action} from '../../actions/action.ts';
import {labelResource, removeResource} from '../../actions/resource/resource.ts';
import {removalRow} from '../errands/removing.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const resourcesKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it, and what has happened to it'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML; of a secret only how much it holds'},
	formRow(labelResource, {keys: ['L'], hint: 'labels', help: 'Set or take away labels, in a form', quiet: true}),
	removalRow(removeResource as unknown as Action),
];
