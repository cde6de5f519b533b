import type {Key} from '../input/keys.ts';
import {typedText} from '../input/keys.ts';
import type {Ui} from '../ui.ts';
import {fieldAt} from './draw.ts';
import {type Form, type FormField, isTouched} from './form.ts';
import {editLine, insert, type Line, lineOf} from './line-edit.ts';
import {submitForm} from './submit.ts';
import {suggestionFor} from './suggest.ts';

/** How far a page of fields goes. */
const pageFields = 8;

/** A key that reaches a form. */
export function pressInForm(ui: Ui, form: Form, key: Key): void {
	switch (key) {
		case 'enter':
			submitForm(ui, form);
			break;
		case 'esc':
			leave(ui, form);
			break;
		case 'tab':
		case 'down':
			focus(ui, form, form.index + 1);
			break;
		case 'shift-tab':
		case 'up':
			focus(ui, form, form.index - 1);
			break;
		case 'pgdn':
			focus(ui, form, Math.min(form.index + pageFields, form.fields.length - 1));
			break;
		case 'pgup':
			focus(ui, form, Math.max(0, form.index - pageFields));
			break;
		default:
			change(ui, form, field => pressed(ui, field, key));
	}
}

/** A click on a line: keys go to its field; where they go there already, what is one of several becomes the next. */
export function clickForm(ui: Ui, form: Form, line: number): void {
	const index = fieldAt(ui, line);
	if (index === form.index) {
		change(ui, form, formField => (choicesOf(formField.field) ? pressed(ui, formField, ' ') : formField.line));
	} else if (index !== undefined) {
		focus(ui, form, index);
	}
}

/** What was pasted goes into the field that is typed in, in one line. */
export function pasteInForm(ui: Ui, form: Form, text: string): void {
	change(ui, form, ({line, field}) => (choicesOf(field) === undefined ? insert(line, text) : line));
}

function pressed(ui: Ui, formField: FormField, key: Key): Line {
	const {field, line} = formField;
	const choices = choicesOf(field);
	if (choices !== undefined) {
		return lineOf(chosen(choices, line.text, key));
	}

	const suggested = key === 'right' ? suggestionFor(ui, formField) : undefined;
	return suggested === undefined ? editLine(line, key) : insert(line, suggested);
}

/** What a field is one of: nothing, and its choices; a switch is on or off. */
function choicesOf({placeholder, choices}: FormField['field']): readonly string[] | undefined {
	const words = placeholder === undefined ? ['true', 'false'] : choices;
	return words && ['', ...words];
}

/** Space and the arrows go on to the next one, a letter to the next that begins with it. */
function chosen(choices: readonly string[], text: string, key: Key): string {
	const index = choices.indexOf(text);
	const at = (next: number) => choices[(next + choices.length) % choices.length] ?? '';
	switch (key) {
		case 'right':
		case ' ':
			return at(index + 1);
		case 'left':
			return at(index - 1);
		case 'backspace':
		case 'delete':
		case 'ctrl-u':
			return '';
		default: {
			const letter = typedText(key)?.toLowerCase();
			const order = choices.map((_, step) => at(index + 1 + step));
			return (letter && order.find(choice => choice.startsWith(letter))) || text;
		}
	}
}

function change(ui: Ui, form: Form, make: (field: FormField) => Line): void {
	const focused = form.fields[form.index];
	if (focused === undefined) {
		return;
	}

	const line = make(focused);
	if (line === focused.line) {
		return;
	}

	const isTyped = line.text !== focused.line.text;
	const fields = form.fields.map(field => (field === focused ? {...field, line} : field));
	const changedAtMs = isTyped ? ui.clock.monotonicMs() : form.changedAtMs;
	ui.update({overlay: {...form, fields, changedAtMs, isLeaving: false, isRefused: false}, message: undefined});
}

/** From the last one on to the first, and back. */
function focus(ui: Ui, form: Form, wanted: number): void {
	const {length} = form.fields;
	const index = (wanted + length) % length;
	ui.update({overlay: {...form, index, isLeaving: false, isRefused: false}});
}

function leave(ui: Ui, form: Form): void {
	if (isTouched(form) && !form.isLeaving) {
		ui.update({overlay: {...form, isLeaving: true}});
	} else {
		ui.update({overlay: undefined});
	}
}
