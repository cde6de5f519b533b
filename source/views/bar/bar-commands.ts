import {changeNamespace, goToNamespace} from '../navigation/namespaces.ts';
import {goInto, goTo} from '../navigation/navigation.ts';
import {resourceSession} from '../resources/session.ts';
import {suspend} from '../terminal/suspend.ts';
import type {Ui} from '../ui.ts';
import {isNamespace} from './in-namespace.ts';

/** A word of the command bar that goes to no screen. */
export type BarCommand = {
	/** Its name, and other words for it. */
	readonly words: readonly [string, ...string[]];
	/** What it does, shown behind it. */
	readonly hint: string;
	/** Whether the engine has what it is about; absent: always. */
	isHere?(ui: Ui): boolean;
	/** What may stand behind it. */
	complete?(ui: Ui): readonly string[];
	run(ui: Ui, rest: string): void;
};

const all: readonly BarCommand[] = [
	{words: ['quit', 'q', 'q!', 'exit'], hint: 'leave muster', run: ui => ui.leave()},
	{words: ['suspend', 'stop'], hint: 'back to the shell for a while; fg comes back', run: suspend},
	{
		words: ['mouse'],
		hint: "whose the mouse is: on, muster's; off, the terminal's, which selects text",
		complete: () => ['on', 'off'],
		run: setMouse,
	},
	{
		words: ['get', 'resource'],
		hint: 'any kind that the engine has: get ingresses, get ingress web',
		isHere: ui => ui.executor.backend.facets.resources !== undefined,
		complete: ui => [...new Set(resourceSession(ui).types.map(({name}) => name))].toSorted(),
		run: showResources,
	},
	{
		words: ['namespace', 'ns'],
		hint: 'the namespace that is looked at: its name, or all',
		isHere: ui => ui.executor.backend.facets.namespaces !== undefined,
		complete: ui => ['all', ...(resourceSession(ui).namespaces ?? [])],
		run: showNamespace,
	},
];

/** What this engine has no use for is not offered. */
export function barCommands(ui: Ui): readonly BarCommand[] {
	return all.filter(({isHere}) => isHere?.(ui) ?? true);
}

/** So that they are known by the time that one of them has been typed. */
export function askForKinds(ui: Ui): void {
	const {resources, namespaces} = ui.executor.backend.facets;
	if (resources !== undefined || namespaces !== undefined) {
		const session = resourceSession(ui);
		session.renew();
		void session.types;
		void session.namespaces;
	}
}

/** What is all shown as services, with what can be done to those; of the others some are only parts of one. */
const asServices = new Set(['statefulset', 'daemonset', 'cronjob']);

/** A kind of the engine's own, by any word for it: as if `get` stood before it. */
export function kindCommand(ui: Ui, word: string): BarCommand | undefined {
	const found =
		word.length < 2 || ui.executor.backend.facets.resources === undefined
			? undefined
			: resourceSession(ui).types.find(({name, kind, shortNames}) =>
					[name, kind.toLowerCase(), ...shortNames].includes(word),
				);
	const one = found?.kind.toLowerCase() ?? '';
	if (found !== undefined && asServices.has(one) && ui.collections.has('service')) {
		return {
			words: [word],
			hint: `services that are ${found.name}; get ${word} lists them as ${ui.executor.backend.name} does`,
			run: (it, rest) =>
				rest === '' ? goTo(it, 'services', {filter: `${one}$`}) : showResources(it, `${found.name} ${rest}`),
		};
	}

	return (
		found && {
			words: [word],
			hint: `${found.name} as ${ui.executor.backend.name} lists them`,
			run: (it, rest) => showResources(it, `${found.name} ${rest}`),
		}
	);
}

/** It may be a kind that has not been heard of yet: resolves when it is known, undefined where there is nothing to wait for. */
export function kindsToCome(ui: Ui): Promise<void> | undefined {
	return ui.executor.backend.facets.resources === undefined ? undefined : resourceSession(ui).typesToCome;
}

/** Without a name those that there are: enter goes to one. */
function showNamespace(ui: Ui, name: string): void {
	if (name === '' && ui.executor.backend.facets.resources !== undefined) {
		goInto(ui, 'resources', {kind: 'resource', id: 'namespaces', name: 'namespaces'});
	}

	goToNamespace(ui, name);
}

function showResources(ui: Ui, rest: string): void {
	const [word = '', name = ''] = rest.split(/\s+/);
	const session = resourceSession(ui);
	if (word === '') {
		ui.say('bad', '✗ Say which kind: get ingresses');
	} else if (isNamespace(ui, name)) {
		session.show(word, '');
		changeNamespace(ui, name);
	} else {
		session.show(word, name);
	}
}

function setMouse(ui: Ui, wanted: string): void {
	const {terminal} = ui;
	terminal.hasMouse = wanted === '' ? !terminal.hasMouse : wanted !== 'off';
	const whose = terminal.hasMouse ? "muster's: clicks select, shift selects text" : "the terminal's: it selects text";
	ui.say('good', `The mouse is ${whose}.`);
}
