import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {columnsOf} from './columns.ts';
import {resourcesKeymap} from './keymap.ts';
import {resourceSession} from './session.ts';

/** Any kind that the engine has: `:get ingresses`, `:get ingress web`. What it is about is the kind; without one, all kinds. */
export const resourcesScreen: TableScreen<'resource'> = {
	type: 'table',
	id: 'resources',
	aliases: [],
	kind: 'resource',
	at: (ui, {about}) =>
		about === undefined ? resourceSession(ui).kinds.screen : resourceSession(ui).list(about.id).screen,
	source: () => ({version: 0, byId: new Map(), changedSince: () => new Set()}),
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: columnsOf([{title: 'NAME', wide: false, numeric: false}]),
	filterable: ({name, labels}) => ({text: name, labels}),
	isFault: () => false,
	keymap: resourcesKeymap,
	empty: '',
};
