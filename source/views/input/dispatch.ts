import {insteadOfKey} from '../bar/foreign-words.ts';
import {pasteInPrompt, pressInPrompt} from '../bar/prompt.ts';
import {run} from '../errands/asking.ts';
import {runMany} from '../errands/many.ts';
import {pasteInForm, pressInForm} from '../form/press.ts';
import {findRow, type KeymapRow, type Target, whyNot} from '../keymap.ts';
import {activeGroups} from '../keymaps/groups.ts';
import {sortRow} from '../keymaps/list-keymap.ts';
import {markedTargets} from '../list/marks.ts';
import {aboutOf, goInto} from '../navigation/navigation.ts';
import {redraw} from '../terminal/suspend.ts';
import type {Ui} from '../ui.ts';
import {keyPressed} from './answering.ts';
import {type Key, keyLabel, typedText} from './keys.ts';

/** One key: to the line that is being typed, else to the first row that has it. */
export function press(ui: Ui, key: Key): void {
	keyPressed(ui);
	const {overlay} = ui.state;
	if (key === 'ctrl-c') {
		ui.leave();
	} else if (key === 'ctrl-l' && overlay !== undefined) {
		// What lies over a screen takes all other keys.
		redraw(ui);
	} else if (overlay?.type === 'prompt') {
		pressInPrompt(ui, overlay, key);
	} else if (overlay?.type === 'form') {
		pressInForm(ui, overlay, key);
	} else if (overlay?.type === 'panel' && overlay.typed !== undefined && isTyping(key)) {
		ui.update({overlay: {...overlay, typed: {...overlay.typed, text: typedOn(overlay.typed.text, key)}}});
	} else {
		pressRow(ui, key);
	}
}

/** What is pasted is text, never a row of keys. */
export function paste(ui: Ui, text: string): void {
	keyPressed(ui);
	const {overlay} = ui.state;
	if (overlay?.type === 'prompt') {
		pasteInPrompt(ui, overlay, text);
	} else if (overlay?.type === 'form') {
		pasteInForm(ui, overlay, text);
	} else {
		ui.say('warning', 'Pasted text goes where a line is typed: press : or / first.');
	}
}

/** In a panel that wants a name: what writes it, and does not mean a row. */
function isTyping(key: Key): boolean {
	return typedText(key) !== undefined || key === 'backspace' || key === 'ctrl-u';
}

/** Longer than any name. */
const mostTyped = 300;

function typedOn(text: string, key: Key): string {
	if (key === 'ctrl-u') {
		return '';
	}

	return key === 'backspace' ? [...text].slice(0, -1).join('') : `${text}${typedText(key) ?? ''}`.slice(0, mostTyped);
}

function pressRow(ui: Ui, key: Key): void {
	const row = rowOf(ui, key);
	const {overlay} = ui.state;
	if (overlay?.type === 'chord') {
		ui.update({overlay: undefined});
		// It is on top: who takes it away does not leave the list below it.
		if (row === undefined && overlay.passes && key !== 'esc') {
			press(ui, key);
			return;
		}
	}

	if (row === undefined) {
		if (overlay === undefined) {
			ui.say('plain', noKey(ui, key));
		}

		return;
	}

	const marked = row.run === undefined && row.many === undefined ? [] : markedTargets(ui);
	if (marked.length > 0) {
		pressForMany(ui, row, key, marked);
	} else {
		pressForOne(ui, row, key);
	}
}

/** What to press instead of a key that does nothing here: what it means elsewhere, or the same letter in its other case. */
function noKey(ui: Ui, key: Key): string {
	const other = key.length === 1 ? (key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase()) : key;
	const row = other === key ? undefined : findRow(activeGroups(ui), other);
	const instead = row === undefined ? insteadOfKey(key) : `${keyLabel(other)} is ${row.hint}`;
	return [`${keyLabel(key)} is no key here`, instead, '? shows all'].filter(part => part !== undefined).join(' · ');
}

/** A key with shift that nobody has is the key without; a capital that nobody has sorts by the column of that letter. */
function rowOf(ui: Ui, key: Key): KeymapRow | undefined {
	const groups = activeGroups(ui);
	return findRow(groups, key) ?? (key.startsWith('shift-') ? findRow(groups, key.slice(6)) : sortRow(ui, key));
}

function pressForMany(ui: Ui, row: KeymapRow, key: Key, marked: readonly Target[]): void {
	if (row.run !== undefined) {
		runMany(ui, row.run, marked);
	} else {
		row.many?.(ui, marked, key);
	}
}

function pressForOne(ui: Ui, row: KeymapRow, key: Key): void {
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
