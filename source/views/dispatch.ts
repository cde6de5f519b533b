import {run} from './asking.ts';
import {activeGroups} from './groups.ts';
import {findRow, type Target, whyNot} from './keymap.ts';
import {type Key, keyLabel} from './keys.ts';
import {goInto} from './navigation.ts';
import {pasteInPrompt, pressInPrompt} from './prompt.ts';
import type {About} from './state.ts';
import type {Ui} from './ui.ts';

/** One key: to the line that is being typed, else to the first row that has it. */
export function press(ui: Ui, key: Key): void {
	const {overlay} = ui.state;
	if (key === 'ctrl-c') {
		ui.leave();
	} else if (overlay?.type === 'prompt') {
		pressInPrompt(ui, overlay, key);
	} else {
		pressRow(ui, key);
	}
}

/** What is pasted is text, never a row of keys. */
export function paste(ui: Ui, text: string): void {
	const {overlay} = ui.state;
	if (overlay?.type === 'prompt') {
		pasteInPrompt(ui, overlay, text);
	} else {
		ui.say('warning', 'Pasted text goes where a line is typed: press : or / first.');
	}
}

function pressRow(ui: Ui, key: Key): void {
	const row = findRow(activeGroups(ui), key);
	if (ui.state.overlay?.type === 'chord') {
		ui.update({overlay: undefined});
	}

	if (row === undefined) {
		return;
	}

	const {target} = ui;
	const refusal = whyNot(ui, row, target);
	if (refusal !== undefined) {
		ui.say('warning', `${keyLabel(key)}: ${refusal}`);
	} else if (row.run !== undefined) {
		run(ui, {action: row.run, target, input: {}});
	} else if (row.go !== undefined) {
		goInto(ui, row.go, target && aboutOf(target));
	} else {
		row.press(ui, target, key);
	}
}

/** What a screen about the target is about. */
function aboutOf({kind, id, name}: Target): About {
	return {kind, id, name};
}
