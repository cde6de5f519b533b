import {type Key, typedText} from './keys.ts';
import type {Prompt} from './overlay.ts';
import type {Ui} from './ui.ts';

/** Longer than anything that makes sense in a prompt. */
const maxLength = 1000;

/** A key that reaches a line of text. */
export function pressInPrompt(ui: Ui, prompt: Prompt, key: Key): void {
	switch (key) {
		case 'enter':
			submit(ui, prompt);
			break;
		case 'esc':
			ui.update({overlay: undefined});
			prompt.cancel?.();
			break;
		case 'tab':
			type(ui, prompt, prompt.complete?.(prompt.text) ?? prompt.text);
			break;
		case 'backspace':
			type(ui, prompt, [...prompt.text].slice(0, -1).join(''));
			break;
		case 'ctrl-u':
			type(ui, prompt, '');
			break;
		case 'ctrl-w':
			type(ui, prompt, prompt.text.replace(/\S*\s*$/, ''));
			break;
		default:
			type(ui, prompt, prompt.text + (typedText(key) ?? ''));
	}
}

/** What was pasted into a line of text: its first line. */
export function pasteInPrompt(ui: Ui, prompt: Prompt, text: string): void {
	type(ui, prompt, prompt.text + (text.split(/[\r\n]/)[0] ?? ''));
}

function type(ui: Ui, prompt: Prompt, text: string): void {
	const kept = text.slice(0, maxLength);
	if (kept !== prompt.text) {
		ui.update({overlay: {...prompt, text: kept}});
		prompt.change?.(kept);
	}
}

/** The prompt is closed first, so that what it does may open another. */
function submit(ui: Ui, prompt: Prompt): void {
	ui.update({overlay: undefined});
	if (prompt.submit(prompt.text) === false) {
		ui.update({overlay: prompt});
	}
}
