import type {Kind} from '../../core/model/index.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import {contextNames, openContext} from '../contexts/screen.ts';
import type {Target} from '../keymap.ts';
import {aboutOf, goInto, goTo} from '../navigation/navigation.ts';
import type {Screen, TableScreen} from '../screen.ts';
import type {About} from '../state.ts';
import type {Ui} from '../ui.ts';
import {placeWay} from './in-namespace.ts';
import type {Way} from './way.ts';

/** What texts are about; the first kind with the name is meant. Other kinds may not have been read. */
const described: readonly Kind[] = ['service', 'instance', 'node', 'image'];
const logged: readonly Kind[] = ['service', 'instance'];
/** A list of these is asked for by what they belong to. */
const owners: Partial<Record<Kind, readonly Kind[]>> = {
	instance: ['service', 'node'],
	event: ['service', 'instance', 'node'],
};

/** `web` behind a list: the object of that name, those of that service or node, or else a filter. */
export function meaningOf(ui: Ui, screen: Screen, rest: string): Way {
	if (isOfOne(screen)) {
		return oneWay(ui, screen.id, rest);
	}

	if (screen.id === 'help') {
		return {text: 'help', go: it => goInto(it, 'help')};
	}

	if (screen.id === 'tree') {
		return treeWay(ui, rest);
	}

	if (screen.id === 'contexts' && rest !== '') {
		return {text: `open the context ${rest}`, go: it => openContext(it, rest)};
	}

	if (screen.type !== 'table' || rest === '') {
		return {text: screen.id, go: it => goTo(it, screen.id)};
	}

	return tableWay(ui, screen, rest);
}

export function go(ui: Ui, way: Way): void {
	way.go?.(ui);
}

/** What may stand behind a screen's word; of what is many, only what begins so. */
export function argumentsFor(ui: Ui, screen: Screen, rest: string): readonly string[] {
	if (screen.id === 'contexts') {
		return contextNames(ui);
	}

	const names = kindsBehind(screen).flatMap(kind => namesOf(ui, kind, rest));
	return [...new Set(names)].slice(0, mostArguments);
}

const mostArguments = 200;

function kindsBehind(screen: Screen): readonly Kind[] {
	if (screen.type === 'table') {
		return [...(owners[screen.kind] ?? []), ...(screen.kind === 'event' ? [] : [screen.kind])];
	}

	return screen.id === 'tree' ? ['service'] : isOfOne(screen) ? kindsOf(screen.id) : [];
}

function isOfOne({id}: Screen): boolean {
	return ['logs', 'describe', 'yaml', 'explain', 'history'].includes(id);
}

function kindsOf(screen: string): readonly Kind[] {
	return screen === 'logs' ? logged : screen === 'history' ? ['service'] : described;
}

function namesOf(ui: Ui, kind: Kind, rest: string): readonly string[] {
	const found: string[] = [];
	for (const {name} of ui.collections.source(kind).byId.values()) {
		if (name.toLowerCase().startsWith(rest.toLowerCase())) {
			found.push(name);
		}
	}

	return found.sort().slice(0, mostArguments);
}

/** `web`: of that service; `deploy`, as k9s has it: of all; else of those that match. */
function treeWay(ui: Ui, rest: string): Way {
	const service = findNamed(ui, ['service'], rest);
	if (service !== undefined) {
		return {text: `tree of service ${rest}`, go: it => goTo(it, 'tree', {about: aboutOf(service)})};
	}

	const isOfAll = rest === '' || ui.screens.some(({id, aliases}) => [id, ...aliases].includes(rest));
	return isOfAll
		? {text: 'tree', go: it => goTo(it, 'tree')}
		: {text: `tree filtered by ${rest}`, go: it => goTo(it, 'tree', {filter: rest})};
}

/** What shows one object: of that name, or the one under the cursor. */
function oneWay(ui: Ui, id: string, rest: string): Way {
	const kinds = kindsOf(id);
	const meant = rest === '' ? ui.target : findNamed(ui, kinds, rest);
	if (meant !== undefined && (kinds.includes(meant.kind) || kinds === described)) {
		return {text: `${id} of ${meant.kind} ${meant.name}`, go: it => goInto(it, id, aboutOf(meant))};
	}

	const near = nearMiss(
		rest,
		kinds.flatMap(kind => namesOf(ui, kind, rest.slice(0, 1))),
	);
	return {text: rest === '' ? `${id} of which one?` : `nothing is called ${rest}${near ? `: ${near}?` : ''}`};
}

function tableWay(ui: Ui, screen: TableScreen, rest: string): Way {
	const filter = rest.startsWith('/') ? rest.slice(1) : isLabel(rest) ? `-l ${rest}` : rest;
	if (filter === rest && !/^(!|-[lf]\b)/.test(rest)) {
		const own = findNamed(ui, [screen.kind], rest);
		if (own !== undefined) {
			return {text: `${own.kind} ${own.name}`, go: it => goTo(it, screen.id, {selectedId: own.id})};
		}

		const owner = findNamed(ui, owners[screen.kind] ?? [], rest);
		if (owner !== undefined) {
			const about: About = aboutOf(owner);
			return {text: `${screen.id} of ${owner.kind} ${owner.name}`, go: it => goTo(it, screen.id, {about})};
		}
	}

	return (
		placeWay(ui, screen, rest) ?? {
			text: `${screen.id} filtered by ${filter}`,
			go: it => goTo(it, screen.id, {filter}),
		}
	);
}

/** `app=web`, as k9s has it. */
function isLabel(rest: string): boolean {
	return /^[\w./-]+!?==?[\w./-]+$/.test(rest);
}

function findNamed(ui: Ui, kinds: readonly Kind[], name: string): Target | undefined {
	for (const kind of kinds) {
		for (const object of ui.collections.source(kind).byId.values()) {
			if (object.name === name) {
				return object;
			}
		}
	}

	return undefined;
}
