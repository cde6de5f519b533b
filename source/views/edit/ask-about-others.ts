import type {Comparison} from '../../core/difference/comparison.ts';
import {openPanel} from '../errands/asking.ts';
import type {KeymapRow} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {comparisonRows} from './comparison-rows.ts';

type Question = {
	readonly name: string;
	readonly comparison: Comparison;
	/** Nothing collides, and both are to stay. */
	change(ui: Ui): void;
	/** The editor again, over what is there now. */
	again(ui: Ui): void;
};

/** Somebody else has changed it since it was opened: nothing of that is ever overwritten unseen. */
export function askAboutOthers(ui: Ui, {name, comparison, change, again}: Question): void {
	const {colliding} = comparison;
	const count = `${colliding.length} ${colliding.length === 1 ? 'change' : 'changes'}`;
	openPanel(ui, {
		title: `${name} was changed meanwhile`,
		preview: () => ({
			summary:
				colliding.length === 0
					? 'Nothing that you changed was changed by others too: both can stay.'
					: `${count} of yours would take back what others did since. Edit again: theirs stand there then, yours above.`,
			rows: comparisonRows(comparison),
		}),
		...(colliding.length === 0
			? {verb: 'change', keymap: [againRow(again)], act: change}
			: {verb: 'edit again', act: again}),
	});
}

export function againRow(press: (ui: Ui) => void): KeymapRow {
	return {
		keys: ['e'],
		hint: 'edit again',
		help: 'Open the editor again',
		press(ui) {
			ui.update({overlay: undefined});
			press(ui);
		},
	};
}
