import {contextNames, openContext} from '../contexts/screen.ts';
import {changeNamespace} from '../navigation/namespaces.ts';
import {goTo} from '../navigation/navigation.ts';
import {resourceSession} from '../resources/session.ts';
import type {TableScreen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import type {Way} from './way.ts';

/* `:po kube-system`, `:deploy all`, `:po @prod`: where else a list is looked at, as k9s has it. */

/** Whether there is one of that name, as far as they have been heard of; `all` is all of them. */
export function isNamespace(ui: Ui, name: string): boolean {
	const {namespaces} = ui.executor.backend.facets;
	return namespaces !== undefined && (name === 'all' || (resourceSession(ui).namespaces ?? []).includes(name));
}

/** The list in another namespace or context; undefined: neither is meant. */
export function placeWay(ui: Ui, screen: TableScreen, rest: string): Way | undefined {
	if (rest.startsWith('@') && rest.length > 1) {
		const name = rest.slice(1);
		const full = contextNames(ui).find(one => one === name || one.endsWith(`:${name}`)) ?? name;
		return full === ui.executor.backend.name
			? {text: screen.id, go: it => goTo(it, screen.id)}
			: {text: `${screen.id} of the context ${full}`, go: it => openContext(it, full, screen.id)};
	}

	if (!screen.columns.some(({scoped}) => scoped) || !isNamespace(ui, rest)) {
		return undefined;
	}

	return {
		text: rest === 'all' ? `${screen.id} of every namespace` : `${screen.id} of the namespace ${rest}`,
		go(it) {
			goTo(it, screen.id);
			changeNamespace(it, rest);
		},
	};
}
