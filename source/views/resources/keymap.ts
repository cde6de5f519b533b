import type {Action} from '../../actions/action.ts';
import {labelResource, removeResource} from '../../actions/resource/resource.ts';
import {removalRow} from '../errands/removing.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';
import {changeNamespace} from '../navigation/namespaces.ts';
import {aboutOf, goInto} from '../navigation/navigation.ts';

export const goInRow: KeymapRow = {
	keys: ['enter'],
	hint: 'go in',
	help: 'Go to a namespace, or to the list of a kind; show all about anything else',
	unavailable: (_, target) => (target === undefined ? 'Nothing is selected.' : undefined),
	press(ui, target) {
		if (target?.kind === 'resource' && ui.place.about === undefined) {
			goInto(ui, 'resources', {kind: 'resource', id: target.name, name: target.name});
		} else if (target?.kind === 'resource' && target.title === 'Namespace') {
			changeNamespace(ui, target.name);
		} else if (target !== undefined) {
			goInto(ui, 'describe', aboutOf(target));
		}
	},
};

export const resourcesKeymap: readonly KeymapRow[] = [
	goInRow,
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about it, and what has happened to it'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML; of a secret only how much it holds'},
	formRow(labelResource, {keys: ['L'], hint: 'labels', help: 'Set or take away labels, in a form', quiet: true}),
	removalRow(removeResource as unknown as Action),
];
