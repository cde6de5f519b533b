import {toClusterError} from '../../core/error.ts';
import {type FleetMember, memberState} from '../../core/fleet.ts';
import {Fleet} from '../../live/fleet.ts';
import {openContext} from '../contexts/screen.ts';
import {clickLine, cursorIndex, putCursor} from '../cursor.ts';
import {errorText} from '../errands/running.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import type {PictureScreen} from '../screen.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import {emptyLines} from '../widgets/empty-lines.ts';
import type {Span} from '../widgets/line.ts';
import {type ListColumn, pictureList} from '../widgets/picture-list.ts';

/** While it is shown. */
type Shown = {fleet?: Fleet; failure?: string; isOver: boolean};

const shown = new WeakMap<Ui, Shown>();

const keymap: readonly KeymapRow[] = [
	{
		keys: ['enter'],
		hint: 'open',
		help: 'Open this cluster in place of the present one',
		unavailable: ui => (selected(ui) === undefined ? 'Nothing is selected.' : undefined),
		press: ui => openContext(ui, selected(ui)?.name ?? ''),
	},
	...moveRows(moveBy),
];

/** How every context stands. They are connected to while this is shown, and not before. */
export const fleetScreen: PictureScreen = {
	type: 'picture',
	id: 'fleet',
	aliases: ['fl'],
	keymap,
	draw,
	target: () => undefined,
	status(ui) {
		const {length} = membersOf(ui);
		return length === 0 ? '' : `${index(ui) + 1}/${length}`;
	},
	click: (ui, {row}) => clickLine(ui, row, namesOf(ui)),
	open(ui) {
		end(ui);
		const {contexts} = ui.ports;
		const state: Shown = {isOver: false};
		shown.set(ui, state);
		if (contexts === undefined) return;
		void contexts.list().then(
			entries => {
				if (state.isOver) return;
				state.fleet = new Fleet(contexts.peek, ui.clock, () => ui.refresh());
				state.fleet.start(entries);
			},
			(error: unknown) => {
				state.failure = errorText(toClusterError(error));
				ui.refresh();
			},
		);
	},
	close: end,
};

function end(ui: Ui): void {
	const state = shown.get(ui);
	if (state === undefined) return;
	state.isOver = true;
	state.fleet?.stop();
	shown.delete(ui);
}

function membersOf(ui: Ui): readonly FleetMember[] {
	return shown.get(ui)?.fleet?.members ?? [];
}

function namesOf(ui: Ui): readonly string[] {
	return membersOf(ui).map(({name}) => name);
}

function index(ui: Ui): number {
	return cursorIndex(ui, namesOf(ui));
}

function selected(ui: Ui): FleetMember | undefined {
	return membersOf(ui)[index(ui)];
}

function moveBy(ui: Ui, by: number): void {
	putCursor(ui, namesOf(ui), index(ui) + by);
}

function draw(ui: Ui, size: Size): ReadonlyArray<readonly Span[]> {
	const members = membersOf(ui);
	if (members.length === 0) {
		const none = ui.ports.contexts === undefined ? 'This dashboard knows no other context.' : 'Looking for contexts …';
		return emptyLines(shown.get(ui)?.failure ?? none, size.columns);
	}

	const now = ui.clock.now();
	const below = wholeState(selected(ui), now, size.columns);
	const room = {...size, rows: Math.max(2, size.rows - below.length)};
	return [...pictureList(ui, {columns: columnsAt(now), rows: members, at: index(ui)}, room), ...below];
}

/** What is wrong with the one under the cursor, which its row may have no room for. */
function wholeState(member: FleetMember | undefined, now: number, columns: number): ReadonlyArray<readonly Span[]> {
	const {tone, text} = member === undefined ? ({tone: 'good', text: ''} as const) : memberState(member, now);
	return tone === 'bad' ? emptyLines(`${member?.name}: ${text}`, columns, tone) : [];
}

function columnsAt(now: number): ReadonlyArray<ListColumn<FleetMember>> {
	return [
		{title: 'CONTEXT', most: 40, cell: ({name}) => ({text: name})},
		{title: 'ENGINE', most: 24, cell: ({figures}) => ({text: figures?.engine ?? ''})},
		{
			title: 'NODES',
			cell({figures}) {
				if (figures === undefined) return {text: ''};
				const {nodes, nodesReady} = figures;
				return {text: `${nodesReady}/${nodes}`, role: nodesReady < nodes ? 'bad' : undefined};
			},
		},
		{title: 'SERVICES', cell: ({figures}) => ({text: figures ? String(figures.services) : ''})},
		{title: 'INSTANCES', cell: ({figures}) => ({text: figures ? String(figures.instancesUp) : ''})},
		{
			title: 'STATE',
			cell(member) {
				const {tone, text} = memberState(member, now);
				return {text, role: tone};
			},
		},
	];
}
