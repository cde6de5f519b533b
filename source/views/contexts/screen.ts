import type {Backend} from '../../core/backend.ts';
import type {ContextEntry} from '../../core/context.ts';
import {toClusterError} from '../../core/error.ts';
import {clickLine, cursorIndex, putCursor} from '../cursor.ts';
import {errorText} from '../errands/running.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import type {PictureScreen} from '../screen.ts';
import {waitFor} from '../sessions/wait.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';
import {type ListColumn, pictureList} from '../widgets/picture-list.ts';

type Line = readonly Span[];
type Found = {readonly entries: readonly ContextEntry[]; readonly failure?: string};

const found = new WeakMap<Ui, Found>();

const keymap: readonly KeymapRow[] = [
	{
		keys: ['enter'],
		hint: 'open',
		help: 'Open this context in place of the present one',
		unavailable: ui => (selected(ui) === undefined ? 'Nothing is selected.' : undefined),
		press: ui => openContext(ui, selected(ui)?.name ?? ''),
	},
	...moveRows(moveBy),
];

/** Every context that was found, whatever its engine; none is connected to before it is opened. */
export const contextsScreen: PictureScreen = {
	type: 'picture',
	id: 'contexts',
	aliases: ['context', 'ctx'],
	keymap,
	draw,
	target: () => undefined,
	status(ui) {
		const {length} = entriesOf(ui);
		return length === 0 ? '' : `${index(ui) + 1}/${length}`;
	},
	click: (ui, {row}) =>
		clickLine(
			ui,
			row,
			entriesOf(ui).map(({name}) => name),
		),
	open: look,
};

function look(ui: Ui): void {
	const {contexts} = ui.ports;
	void contexts?.list().then(
		entries => {
			found.set(ui, {entries});
			const here = entries.findIndex(({name}) => name === ui.executor.backend.name);
			if (ui.screen.id === contextsScreen.id && ui.place.cursor === undefined && here >= 0) {
				moveBy(ui, here);
			}

			ui.refresh();
		},
		(error: unknown) => {
			found.set(ui, {entries: [], failure: errorText(toClusterError(error))});
			ui.refresh();
		},
	);
}

function entriesOf(ui: Ui): readonly ContextEntry[] {
	return found.get(ui)?.entries ?? [];
}

function index(ui: Ui): number {
	return cursorIndex(
		ui,
		entriesOf(ui).map(({name}) => name),
	);
}

function selected(ui: Ui): ContextEntry | undefined {
	return entriesOf(ui)[index(ui)];
}

function moveBy(ui: Ui, by: number): void {
	putCursor(
		ui,
		entriesOf(ui).map(({name}) => name),
		index(ui) + by,
	);
}

/** As far as they have been found: the first call looks for them. */
export function contextNames(ui: Ui): readonly string[] {
	if (!found.has(ui)) {
		found.set(ui, {entries: []});
		look(ui);
	}

	return entriesOf(ui).map(({name}) => name);
}

/** Longer than any engine is waited for by itself. */
const openMs = 60_000;

/** `screen`: which is shown there, if not the first. It is reached first: where it cannot be, or is not waited for any longer, one stays where one is. */
export function openContext(ui: Ui, name: string, screen?: string): void {
	if (name === ui.executor.backend.name) {
		ui.say('plain', `${name} is the one shown.`);
		return;
	}

	if (ui.ports.contexts === undefined) {
		ui.say('warning', 'This dashboard knows no other context.');
		return;
	}

	const wait = waitFor(ui, {title: `Opening ${name} …`, name, mostMs: openMs});
	const opening = ui.ports.contexts.open(name);
	let isGivenUp = false;
	// One that comes too late is closed again.
	void opening.then(
		backend => (isGivenUp || ui.isLeft ? backend.close() : goOn(ui, backend, screen)),
		() => {},
	);
	void Promise.race([opening, wait.over])
		.catch((error: unknown) => {
			isGivenUp = true;
			ui.say('bad', errorText(toClusterError(error)));
		})
		.finally(wait.end);
}

function goOn(ui: Ui, backend: Backend, screen: string | undefined): void {
	ui.wish = {backend, ...(screen !== undefined && {screen})};
	ui.leave();
}

function draw(ui: Ui, {columns, rows}: Size): readonly Line[] {
	const known = found.get(ui);
	const entries = entriesOf(ui);
	if (entries.length === 0) {
		const text =
			ui.ports.contexts === undefined
				? 'This dashboard knows no other context.'
				: (known?.failure ?? 'Looking for contexts …');
		return [[], [{role: known?.failure === undefined ? 'dim' : 'bad', text: ` ${text}`}]];
	}

	return pictureList(ui, {columns: columnsOf(ui), rows: entries, at: index(ui)}, {columns, rows});
}

function columnsOf(ui: Ui): ReadonlyArray<ListColumn<ContextEntry>> {
	const here = ui.executor.backend.name;
	return [
		{title: 'NAME', most: 40, cell: ({name}) => ({text: name})},
		{title: 'ENGINE', most: 10, cell: ({engine}) => ({text: engine})},
		{title: 'ENDPOINT', most: 60, cell: ({endpoint}) => ({text: endpoint})},
		{
			title: '',
			cell: ({name, current}) =>
				name === here ? {text: 'shown', role: 'good'} : {text: current ? 'current' : '', role: 'dim'},
		},
	];
}
