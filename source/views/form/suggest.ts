import {objectsOf} from '../../actions/action.ts';
import type {Ui} from '../ui.ts';
import type {FormField} from './form.ts';

/** What `right` at the end of a text would add: the rest of a name that begins so. */
export function suggestionFor(ui: Ui, {field, line}: FormField): string | undefined {
	const word = field.many ? (line.text.split(' ').at(-1) ?? '') : line.text;
	if (field.names === undefined || word === '' || line.caret !== [...line.text].length) {
		return undefined;
	}

	const names = objectsOf(ui.worldNow, field.names).map(({name}) => name);
	const found = names.filter(name => name.startsWith(word) && name !== word).toSorted()[0];
	return found?.slice(word.length);
}
