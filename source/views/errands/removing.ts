import type {Action} from '../../actions/action.ts';
import type {Cascade} from '../../core/backend.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {ask, run} from './asking.ts';
import {runMany} from './many.ts';

/** `ctrl-d` on what others may belong to. */
export function removalRow(action: Action): KeymapRow {
	return {
		keys: ['ctrl-d'],
		hint: 'delete',
		help: 'Remove it, when confirmed; where the engine can be told, `c` chooses what becomes of what belongs to it',
		needsTarget: true,
		refused: ui => ui.refusal(action, undefined),
		unavailable: (ui, target) => ui.refusal(action, target),
		press(ui, target) {
			if (target !== undefined && ui.executor.backend.facets.cascades) {
				askRemoval(ui, action, target, 0);
			} else {
				run(ui, {action, target, input: {}});
			}
		},
		many: (ui, targets) => runMany(ui, action, targets),
	};
}

/** The first is as the engine sees fit. */
const choices: ReadonlyArray<readonly [cascade: Cascade | undefined, note: string]> = [
	[undefined, ''],
	['background', 'what belongs to it goes afterwards'],
	['foreground', 'what belongs to it goes first'],
	['orphan', 'what belongs to it lives on'],
];

function askRemoval(ui: Ui, action: Action, target: Target, at: number): void {
	const [cascade, note] = choices[at] ?? [undefined, ''];
	ask(
		ui,
		{action, target, input: (cascade === undefined ? {} : {cascade}) as never},
		{
			...(note === '' ? {} : {note}),
			keymap: [
				{
					keys: ['c'],
					hint: 'cascade',
					help: 'What becomes of what belongs to it',
					press: it => askRemoval(it, action, target, (at + 1) % choices.length),
				},
			],
		},
	);
}
