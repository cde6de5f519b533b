import {rollbackService} from '../../actions/service/rollback-service.ts';
import type {ServiceVersion} from '../../core/model/index.ts';
import {cursorIndex, putCursor} from '../cursor.ts';
import {ask} from '../errands/asking.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {versionsOf} from './kept-versions.ts';

export const historyKeymap: readonly KeymapRow[] = [
	{
		keys: ['enter', 'B'],
		hint: 'roll back to it',
		help: 'Go back to this version, when confirmed',
		needsTarget: true,
		unavailable: whyNotBack,
		press: goBackTo,
	},
	...moveRows(moveBy),
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about the service'},
];

export function selectedVersion(ui: Ui): ServiceVersion | undefined {
	return versionsOf(ui)?.[selectedIndex(ui)];
}

export function selectedIndex(ui: Ui): number {
	return cursorIndex(ui, keysOf(ui));
}

export function keysOf(ui: Ui): string[] {
	return (versionsOf(ui) ?? []).map(({version}) => String(version));
}

function moveBy(ui: Ui, by: number): void {
	putCursor(ui, keysOf(ui), selectedIndex(ui) + by);
}

function whyNotBack(ui: Ui): string | undefined {
	const version = selectedVersion(ui);
	if (version === undefined) {
		return 'No version is selected.';
	}

	return version.isCurrent ? 'This version is in force.' : ui.refusal(rollbackService, ui.target);
}

function goBackTo(ui: Ui): void {
	const to = selectedVersion(ui)?.version;
	const {target} = ui;
	if (to !== undefined && target?.kind === 'service') {
		ask(ui, {action: rollbackService, target, input: {to}}, {question: `Roll ${target.name} back to version ${to}?`});
	}
}
