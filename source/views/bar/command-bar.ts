import {nearMiss} from '../../core/text/near-miss.ts';
import {boundGroups} from '../config/bindings.ts';
import {openPrompt} from '../errands/asking.ts';
import {keysLabel} from '../keymap.ts';
import {goToNamespace} from '../navigation/namespaces.ts';
import type {Screen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import {askForKinds, type BarCommand, barCommands, kindCommand, kindsToCome} from './bar-commands.ts';
import {argumentsFor, go, meaningOf} from './destinations.ts';
import {foreignScreen, insteadOf} from './foreign-words.ts';
import {readTyped} from './typed.ts';
import type {Way} from './way.ts';

/** Opens the line that goes to screens and objects. */
export function openCommandBar(ui: Ui): void {
	askForKinds(ui);
	openPrompt(ui, {
		label: ':',
		text: '',
		history: ui.memory.lines('commands'),
		hint: text => suggestion(ui, text),
		complete: text => completions(ui, text),
		submit: text => runCommand(ui, text),
	});
}

/** `:svc`, `:ins web`, `:node n2`, `:q`. False: it leads nowhere, and the bar stays. */
export function runCommand(ui: Ui, text: string): boolean {
	const {word, rest, namespace} = readTyped(text);
	const command = findCommand(ui, word);
	const way = command === undefined ? wayOf(ui, word, rest) : undefined;
	if (word === '') {
		return true;
	}

	if (command === undefined && way?.go === undefined) {
		return way === undefined && runLater(ui, text, word);
	}

	ui.memory.addLine('commands', text.trim());
	if (command !== undefined) {
		command.run(ui, rest);
	} else if (way !== undefined) {
		go(ui, way);
	}

	if (namespace !== undefined) goToNamespace(ui, namespace);
	return true;
}

/** What nobody knows yet may be a kind of the engine's own: whoever is quicker than its list is not refused. */
function runLater(ui: Ui, text: string, word: string): boolean {
	const toCome = kindsToCome(ui);
	if (toCome === undefined) return false;
	ui.say('busy', `${word} …`);
	void toCome.then(() => {
		if (findCommand(ui, word) === undefined) {
			ui.say('bad', `✗ ${unknown(ui, word)}`);
		} else {
			ui.update({message: undefined});
			runCommand(ui, text);
		}
	});
	return true;
}

/** Behind what is typed: where it leads, or what there is. */
export function suggestion(ui: Ui, text: string): string {
	const {word, rest, namespace} = readTyped(text);
	const command = findCommand(ui, word);
	const where =
		namespace === undefined ? '' : namespace === 'all' ? ', in every namespace' : `, in the namespace ${namespace}`;
	if (word === '') {
		return words(ui).join('  ');
	}

	if (command !== undefined) {
		return `${command.hint}${where}`;
	}

	const screen = findScreen(ui, word);
	const others = rest === '' && !/\s$/.test(text) ? completions(ui, text).map(one => one.trim()) : [];
	if (screen !== undefined && others.length < 2) {
		return `${meaningOf(ui, screen, rest).text}${where}`;
	}

	return screen === undefined ? unknown(ui, word) : others.join('  ');
}

function unknown(ui: Ui, word: string): string {
	const other = insteadOf(ui, word);
	if (other !== undefined) {
		return `${word}: ${other}`;
	}

	const there = reachable(ui);
	const lacking = ui.screens.find(screen => ownWords(screen).includes(word) && !there.includes(screen));
	if (lacking !== undefined) {
		return `${ui.executor.backend.name} has no ${lacking.id}`;
	}

	const pressed = keyOf(ui, word);
	if (pressed !== undefined) {
		return `${word}: ${pressed}`;
	}

	const meant = nearMiss(word, allWords(ui));
	return `no screen is called ${word}${meant === undefined ? '' : `: ${meant}?`}`;
}

/** What is done by a key is no word here: the screen that has it, and which. */
function keyOf(ui: Ui, word: string): string | undefined {
	for (const screen of reachable(ui)) {
		const row = boundGroups([{title: screen.id, rows: screen.keymap}], ui.settings.bindings)[0]?.rows.find(
			({hint}) => hint.toLowerCase() === word,
		);
		if (row !== undefined) {
			return `that is the key ${keysLabel(row.keys)} of ${screen.id}`;
		}
	}

	return undefined;
}

/** What `tab` makes of it: names of screens, then of what is on them. A word that is not known becomes the one meant. */
export function completions(ui: Ui, text: string): readonly string[] {
	const {word, rest} = readTyped(text);
	if (rest === '' && !/\S\s+$/.test(text)) {
		const found = words(ui).filter(name => wordsOf(ui, name).some(one => one.startsWith(word)));
		const meant = found.length === 0 ? nearMiss(word, allWords(ui)) : undefined;
		return meant === undefined ? found.map(name => `${name} `) : [`${meant} `];
	}

	const screen = findScreen(ui, word);
	const shown = findCommand(ui, word)?.words[0] ?? screen?.id ?? word;
	const choices = findCommand(ui, word)?.complete?.(ui) ?? (screen === undefined ? [] : argumentsFor(ui, screen, rest));
	return choices.filter(name => name.toLowerCase().startsWith(rest.toLowerCase())).map(name => `${shown} ${name}`);
}

function wayOf(ui: Ui, word: string, rest: string): Way | undefined {
	const screen = findScreen(ui, word);
	return screen && meaningOf(ui, screen, rest);
}

/** By its name, else a kind that only the engine knows, else by the beginning of it where no screen is meant. */
function findCommand(ui: Ui, word: string): BarCommand | undefined {
	return (
		barCommands(ui).find(({words: own}) => own.includes(word)) ??
		(reachable(ui).some(screen => ownWords(screen).includes(word)) ? undefined : kindCommand(ui, word)) ??
		(word === '' || findScreen(ui, word) !== undefined
			? undefined
			: barCommands(ui).find(({words: [first]}) => first.startsWith(word)))
	);
}

/** By its name or another word for it, a word of another tool, else by the beginning of one. */
function findScreen(ui: Ui, word: string): Screen | undefined {
	const screens = reachable(ui);
	const foreign = foreignScreen(word);
	return (
		screens.find(screen => ownWords(screen).includes(word)) ??
		screens.find(({id}) => id === foreign) ??
		(insteadOf(ui, word) === undefined
			? screens.find(screen => word !== '' && ownWords(screen).some(name => name.startsWith(word)))
			: undefined)
	);
}

function ownWords({id, aliases}: Screen): readonly string[] {
	return [id, ...aliases];
}

/** What the engine has not is not offered. */
function reachable(ui: Ui): readonly Screen[] {
	const hasMore = ui.executor.backend.facets.resources !== undefined;
	return ui.screens.filter(screen => {
		if (screen.type !== 'table') return true;
		return screen.kind === 'resource' ? hasMore : ui.collections.has(screen.kind);
	});
}

/** For help: each word, and the others that mean the same or what it does. */
export function barWords(ui: Ui): ReadonlyArray<readonly [word: string, text: string]> {
	return [
		...reachable(ui).map(({id, aliases}) => [id, aliases.join(', ')] as const),
		...barCommands(ui).map(({words: [first, ...others], hint}) => [first, [hint, ...others].join(', ')] as const),
	];
}

/** The first word of each screen and command. */
function words(ui: Ui): readonly string[] {
	return [...reachable(ui).map(({id}) => id), ...barCommands(ui).map(({words: [first = '']}) => first)];
}

function wordsOf(ui: Ui, first: string): readonly string[] {
	const screen = ui.screens.find(({id}) => id === first);
	return screen === undefined ? (findCommand(ui, first)?.words ?? []) : [screen.id, ...screen.aliases];
}

function allWords(ui: Ui): readonly string[] {
	return words(ui).flatMap(first => wordsOf(ui, first));
}
