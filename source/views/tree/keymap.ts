import {removeInstance} from '../../actions/instance/evict-instance.ts';
import {removeService} from '../../actions/service/remove-service.ts';
import {cursorIndex, putCursor} from '../cursor.ts';
import {describeRow, logsRow, quietYamlRow} from '../describe/rows.ts';
import {openPrompt, run} from '../errands/asking.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import {aboutOf, goInto} from '../navigation/navigation.ts';
import {openShell, whyNeverSession, whyNoSession} from '../sessions/sessions.ts';
import type {Ui} from '../ui.ts';
import {keysOf, rowsOf, toggleAllFolds, toggleFold} from './folds.ts';
import type {TreeRow} from './rows.ts';

export const treeKeymap: readonly KeymapRow[] = [
	{
		keys: ['enter'],
		hint: 'go in',
		help: 'Show the instances of a service or a node, the logs of an instance, all about anything else',
		needsTarget: true,
		press: goIn,
	},
	{keys: [' ', 'x'], hint: 'fold', help: 'Show what is below it, or hide it', press: fold},
	{keys: ['X'], hint: 'fold all', help: 'Show what is below every service, or hide it', press: toggleAllFolds},
	{
		keys: ['right', 'left'],
		hint: 'down, up the tree',
		help: 'Show what is below it, then go there; hide it, or go to what it is below',
		quiet: true,
		press: (ui, _, key) => (key === 'right' ? goDown(ui) : goUpwards(ui)),
	},
	describeRow,
	logsRow,
	{
		keys: ['s'],
		hint: 'shell',
		help: 'Open a shell in an instance, or the first running one of a service; `exit` comes back',
		needsTarget: true,
		refused: ui => whyNeverSession(ui, 'exec'),
		unavailable: (ui, target) => whyNoSession(ui, target, 'exec'),
		press: openShell,
	},
	quietYamlRow,
	{
		keys: ['ctrl-d'],
		hint: 'delete',
		help: 'Remove a service or end an instance, when confirmed',
		quiet: true,
		needsTarget: true,
		refused: ui => ui.refusal(removeService, undefined),
		unavailable: whyNotRemoved,
		press: remove,
	},
	{
		keys: ['/'],
		hint: 'filter',
		help: 'Show only services and instances that match, as in lists; `esc` ends it',
		press: openFilter,
	},
	{
		keys: ['ctrl-z'],
		hint: 'faults',
		help: 'Show only what is not well, and what it belongs to',
		quiet: true,
		press: ui => ui.updatePlace({faultsOnly: !ui.place.faultsOnly}),
	},
	...moveRows(moveBy, ui => ui.room.rows),
];

export function selectedRow(ui: Ui): TreeRow | undefined {
	return rowsOf(ui)[index(ui)];
}

function index(ui: Ui): number {
	return cursorIndex(ui, keysOf(ui));
}

function moveBy(ui: Ui, by: number): void {
	putCursor(ui, keysOf(ui), index(ui) + by);
}

function goIn(ui: Ui, target: Target | undefined): void {
	const screens: Partial<Record<Target['kind'], string>> = {service: 'instances', node: 'instances', instance: 'logs'};
	if (target !== undefined) {
		goInto(ui, screens[target.kind] ?? 'describe', aboutOf(target));
	}
}

/** Where nothing is below it, what it is below is meant. */
function fold(ui: Ui): void {
	const row = selectedRow(ui);
	if (row?.isOpen === undefined) {
		goUpwards(ui);
	}

	const meant = selectedRow(ui);
	if (meant?.isOpen !== undefined) {
		toggleFold(ui, meant);
	}
}

function goDown(ui: Ui): void {
	const row = selectedRow(ui);
	if (row?.isOpen === true) {
		moveBy(ui, 1);
	} else if (row?.isOpen === false) {
		toggleFold(ui, row);
	}
}

function goUpwards(ui: Ui): void {
	const row = selectedRow(ui);
	if (row?.isOpen === true) {
		toggleFold(ui, row);
	} else if (row?.parent !== undefined) {
		const keys = keysOf(ui);
		putCursor(ui, keys, keys.indexOf(row.parent));
	}
}

function removalOf(target: Target | undefined) {
	return target?.kind === 'service' ? removeService : target?.kind === 'instance' ? removeInstance : undefined;
}

function whyNotRemoved(ui: Ui, target: Target | undefined): string | undefined {
	const action = removalOf(target);
	return action === undefined ? 'Only services and instances are removed here.' : ui.refusal(action, target);
}

function remove(ui: Ui, target: Target | undefined): void {
	const action = removalOf(target);
	if (action !== undefined && target !== undefined) {
		run(ui, {action, target, input: {}});
	}
}

function openFilter(ui: Ui): void {
	const before = ui.place.filter;
	openPrompt(ui, {
		label: '/',
		text: before,
		hint: () => `${rowsOf(ui).length} rows`,
		history: ui.memory.lines('filters'),
		change: filter => ui.updatePlace({filter}),
		submit(filter) {
			ui.memory.addLine('filters', filter);
			return undefined;
		},
		cancel: () => ui.updatePlace({filter: before}),
	});
}
