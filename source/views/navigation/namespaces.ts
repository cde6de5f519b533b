import {nearMiss} from '../../core/text/near-miss.ts';
import type {KeymapRow} from '../keymap.ts';
import {mostNamespaces} from '../memory.ts';
import type {Ui} from '../ui.ts';

/* Namespaces that were chosen in a context keep a digit each, also in later dashboards: 0 is all of them. */

const namespaceWords: ReadonlySet<string> = new Set(['namespaces', 'namespace', 'ns']);

export function whyNoNamespaces({executor: {backend}}: Ui): string | undefined {
	return backend.facets.namespaces === undefined ? `${backend.name} has no namespaces.` : undefined;
}

/** By their digits, from 1; the one shown is among them. */
export function favouriteNamespaces({executor: {backend}, memory}: Ui): readonly string[] {
	const {current} = backend.facets.namespaces ?? {};
	const kept = memory.namespacesOf(backend.name);
	return current === undefined || kept.includes(current) ? kept : [...kept, current].slice(0, mostNamespaces);
}

/** `0 all  1 default  2 shop` */
export function namespacesText(ui: Ui): string {
	return ['all', ...favouriteNamespaces(ui)].map((name, digit) => `${digit} ${name}`).join('  ');
}

/** The dashboard begins anew there: all that it shows is another list. */
export function changeNamespace(ui: Ui, name: string): void {
	const {backend} = ui.executor;
	const {namespaces} = backend.facets;
	if (namespaces === undefined) {
		ui.say('bad', `✗ ${whyNoNamespaces(ui)}`);
	} else if (name === '') {
		const shown = namespaces.current === undefined ? 'every namespace' : `the namespace ${namespaces.current}`;
		ui.say('good', `Shown is ${shown}.  ${namespacesText(ui)}`);
	} else if (name === (namespaces.current ?? 'all')) {
		ui.say('plain', `${name === 'all' ? 'Every namespace' : `The namespace ${name}`} is the one shown.`);
	} else {
		for (const used of [namespaces.current, name]) {
			if (used !== undefined && used !== 'all') ui.memory.keepNamespace(backend.name, used);
		}

		// What is about something that another namespace need not have is left; what is below it is not. A kind there is in all.
		// The list of namespaces itself is left: one was chosen.
		const kept = ui.state.places.findLast(
			({screen, about}) => about === undefined || (screen === 'resources' && !namespaceWords.has(about.id)),
		);
		const {screen = '', about, filter = ''} = kept ?? {};
		const where = {screen, ...(about && {about}), ...(filter !== '' && {filter})};
		ui.wish = name === 'all' ? {...where, allNamespaces: true} : {...where, namespace: name};
		ui.leave();
	}
}

/** As it was typed: who may see which there are is told of one that is not. */
export function goToNamespace(ui: Ui, name: string): void {
	const {namespaces} = ui.executor.backend.facets;
	if (namespaces === undefined || name === '' || name === 'all' || name === namespaces.current) {
		changeNamespace(ui, name);
		return;
	}

	ui.say('busy', `namespace ${name} …`);
	void namespaces.list().then(
		names => {
			if (names.includes(name)) {
				changeNamespace(ui, name);
				return;
			}

			const meant = nearMiss(name, names);
			ui.say('bad', `✗ There is no namespace ${name}${meant === undefined ? '.' : `: ${meant}?`}`);
		},
		() => changeNamespace(ui, name),
	);
}

/** On every list, and on what is made of all of them. */
export const namespaceRows: readonly KeymapRow[] = [
	{
		keys: ['0'],
		hint: 'all namespaces',
		help: 'Show every namespace, where the engine has some; `:ns NAME` shows one',
		quiet: true,
		unavailable: ui => whyNoNamespaces(ui),
		press: ui => changeNamespace(ui, 'all'),
	},
	{
		keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
		hint: 'namespace',
		help: 'Show a namespace that was chosen before: each keeps its digit; `:ns` and a wide header tell which',
		quiet: true,
		unavailable: ui => whyNoNamespaces(ui),
		press(ui, _, key) {
			const name = favouriteNamespaces(ui)[Number(key) - 1];
			if (name === undefined) {
				ui.say('warning', `No namespace has the digit ${key} yet: :ns NAME gives one.  ${namespacesText(ui)}`);
			} else {
				changeNamespace(ui, name);
			}
		},
	},
];
