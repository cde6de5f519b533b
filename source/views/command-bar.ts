import {goInto, goTo} from './navigation.ts';
import type {Screen} from './screen.ts';
import type {Ui} from './ui.ts';

const leaving = ['q', 'q!', 'quit', 'exit'];

/** `:svc`, `:ins web` (with a filter), `:q`. False: there is no such screen, and the bar stays. */
export function runCommand(ui: Ui, text: string): boolean {
	const {word, rest} = parse(text);
	if (word === '') {
		return true;
	}

	if (leaving.includes(word)) {
		ui.leave();
		return true;
	}

	const screen = findScreen(ui, word);
	if (screen?.type === 'text') {
		goInto(ui, screen.id);
	} else if (screen !== undefined) {
		goTo(ui, screen.id, rest);
	}

	return screen !== undefined;
}

/** Behind what is typed: where it leads, or what there is. */
export function suggestion(ui: Ui, text: string): string {
	const {word} = parse(text);
	if (word === '') {
		return reachable(ui)
			.map(({id}) => id)
			.join('  ');
	}

	if (leaving.includes(word)) {
		return 'leave muster';
	}

	return findScreen(ui, word)?.id ?? `no screen is called ${word}`;
}

/** The whole word of what its beginning means. */
export function complete(ui: Ui, text: string): string | undefined {
	const {word, rest} = parse(text);
	return rest === '' ? findScreen(ui, word)?.id : undefined;
}

function parse(text: string): {readonly word: string; readonly rest: string} {
	const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(text) ?? [];
	return {word: word.toLowerCase(), rest};
}

/** By its name or another word for it, else by the beginning of one. */
function findScreen(ui: Ui, word: string): Screen | undefined {
	const screens = reachable(ui);
	const wordsOf = ({id, aliases}: Screen) => [id, ...aliases];
	return (
		screens.find(screen => wordsOf(screen).includes(word)) ??
		screens.find(screen => wordsOf(screen).some(name => name.startsWith(word)))
	);
}

/** Logs and descriptions are about something: they are gone into from it. What the engine has not is not offered. */
function reachable(ui: Ui): readonly Screen[] {
	return ui.screens.filter(screen =>
		screen.type === 'table' ? ui.collections.has(screen.kind) : screen.type !== 'text' || screen.id === 'help',
	);
}
