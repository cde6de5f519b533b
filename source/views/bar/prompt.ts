import {editLine, insert, type Line} from '../form/line-edit.ts';
import type {Key} from '../input/keys.ts';
import type {Prompt} from '../overlay.ts';
import type {Ui} from '../ui.ts';

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
			complete(ui, prompt, 1);
			break;
		case 'shift-tab':
			complete(ui, prompt, -1);
			break;
		case 'up':
		case 'ctrl-p':
			browse(ui, prompt, -1);
			break;
		case 'down':
		case 'ctrl-n':
			browse(ui, prompt, 1);
			break;
		default:
			take(ui, prompt, editLine(lineOf(prompt), key));
	}
}

/** What was pasted into a line of text: its first line. */
export function pasteInPrompt(ui: Ui, prompt: Prompt, text: string): void {
	take(ui, prompt, insert(lineOf(prompt), text.split(/[\r\n]/)[0] ?? ''));
}

function lineOf({text, caret}: Prompt): Line {
	return {text, caret: caret ?? [...text].length};
}

/** A line that was typed: what was browsed or completed is over. */
function take(ui: Ui, prompt: Prompt, {text, caret}: Line): void {
	if (text !== prompt.text || caret !== lineOf(prompt).caret) {
		put(ui, {...prompt, text, caret, browsed: undefined, offered: undefined}, prompt);
	}
}

function put(ui: Ui, prompt: Prompt, before: Prompt): void {
	ui.update({overlay: prompt});
	if (prompt.text !== before.text) {
		prompt.change?.(prompt.text);
	}
}

/** `tab`: as much as all that fits has in common, else one after the other. */
function complete(ui: Ui, prompt: Prompt, by: 1 | -1): void {
	const {offered} = prompt;
	if (offered !== undefined) {
		const index = (offered.index + by + offered.texts.length) % offered.texts.length;
		put(ui, {...prompt, text: offered.texts[index] ?? '', caret: undefined, offered: {...offered, index}}, prompt);
		return;
	}

	const texts = prompt.complete?.(prompt.text) ?? [];
	const [first] = texts;
	if (first === undefined) {
		return;
	}

	const common = commonStart(texts);
	if (texts.length === 1 || common.length > prompt.text.length) {
		const text = texts.length === 1 ? first : common;
		put(ui, {...prompt, text, caret: undefined, browsed: undefined}, prompt);
	} else {
		const index = by === 1 ? 0 : texts.length - 1;
		put(
			ui,
			{...prompt, text: texts[index] ?? '', caret: undefined, browsed: undefined, offered: {texts, index}},
			prompt,
		);
	}
}

function commonStart([first = '', ...others]: readonly string[]): string {
	let length = first.length;
	for (const text of others) {
		while (!text.startsWith(first.slice(0, length))) {
			length--;
		}
	}

	return first.slice(0, length);
}

/** `up` and `down`: lines of before that begin with what was typed; past the last of them what was typed itself. */
function browse(ui: Ui, prompt: Prompt, by: 1 | -1): void {
	const typed = prompt.browsed?.typed ?? prompt.text;
	const lines = (prompt.history ?? []).filter(line => line.startsWith(typed) && line !== typed);
	const index = Math.max(0, Math.min((prompt.browsed?.index ?? lines.length) + by, lines.length));
	const text = lines[index] ?? typed;
	put(ui, {...prompt, text, caret: undefined, offered: undefined, browsed: {typed, index}}, prompt);
}

/** The prompt is closed first, so that what it does may open another. */
function submit(ui: Ui, prompt: Prompt): void {
	ui.update({overlay: undefined, message: undefined});
	if (prompt.submit(prompt.text) === false) {
		ui.update({overlay: prompt});
	}
}
