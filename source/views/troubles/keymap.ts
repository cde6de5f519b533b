import type {Fields, Input} from '../../actions/action.ts';
import {actions} from '../../actions/index.ts';
import type {Trouble} from '../../core/troubles/trouble.ts';
import {cursorIndex, putCursor} from '../cursor.ts';
import {ask} from '../errands/asking.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import {namespaceRows} from '../navigation/namespaces.ts';
import {goInto} from '../navigation/navigation.ts';
import type {Ui} from '../ui.ts';
import {troublesOf} from './finding.ts';

export const troublesKeymap: readonly KeymapRow[] = [
	{
		keys: ['enter'],
		hint: 'go there',
		help: 'Go where the cause is seen best: logs, instances, a description',
		unavailable: ui => (selectedTrouble(ui)?.jump === undefined ? 'There is no screen of it.' : undefined),
		press: jump,
	},
	{
		keys: ['a'],
		hint: 'remedy',
		help: 'Do what is proposed, when confirmed',
		unavailable: whyNoRemedy,
		press: remedy,
	},
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about what it concerns'},
	...moveRows(moveBy, ui => ui.room.rows),
	...namespaceRows,
];

export function selectedIndex(ui: Ui): number {
	return cursorIndex(
		ui,
		troublesOf(ui).map(({id}) => id),
	);
}

export function selectedTrouble(ui: Ui): Trouble | undefined {
	return troublesOf(ui)[selectedIndex(ui)];
}

function moveBy(ui: Ui, by: number): void {
	const keys = troublesOf(ui).map(({id}) => id);
	putCursor(ui, keys, cursorIndex(ui, keys) + by);
}

function jump(ui: Ui): void {
	const {jump: there} = selectedTrouble(ui) ?? {};
	if (there !== undefined) {
		goInto(ui, there.to, there.about);
	}
}

function whyNoRemedy(ui: Ui): string | undefined {
	const proposed = selectedTrouble(ui)?.remedy.action;
	if (proposed === undefined) {
		return 'Nothing can be done about it by a key.';
	}

	const action = actions.get(proposed.id);
	const target = ui.find(proposed.target);
	if (action === undefined || target === undefined) {
		return `${proposed.target.name} is gone.`;
	}

	return ui.refusal(action, target);
}

function remedy(ui: Ui): void {
	const proposed = selectedTrouble(ui)?.remedy.action;
	const action = actions.get(proposed?.id ?? '');
	const target = proposed && ui.find(proposed.target);
	if (proposed !== undefined && action !== undefined && target !== undefined) {
		const errand = {action, target, input: proposed.input as Input<Fields>};
		const question = action.confirm?.(target, errand.input) ?? `${action.title}: ${target.name}?`;
		ask(ui, errand, {question});
	}
}
