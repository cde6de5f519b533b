import type {Key as InkKey} from 'ink';

/** A key's name: a character for itself (`j`, `+`, ` `), else `enter`, `pgdn`, `ctrl-d`, … */
export type Key = string;

const named: ReadonlyArray<readonly [flag: keyof InkKey, name: Key]> = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pgup'],
	['pageDown', 'pgdn'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'delete'],
];

/** What Ink read at once → the keys in their order. Characters that arrive together (`jjq`) come as one string. */
export function keysOf(input: string, key: InkKey): readonly Key[] {
	if (key.eventType === 'release') {
		return [];
	}

	const name = named.find(([flag]) => key[flag])?.[1] ?? (key.escape ? 'esc' : undefined);
	if (name !== undefined) {
		return withModifiers(name, key);
	}

	if (key.ctrl) {
		return input === '' ? [] : afterEsc([`ctrl-${input === ' ' ? 'space' : input.toLowerCase()}`], key);
	}

	return afterEsc(
		[...input].map(character => controlName(character) ?? character),
		key,
	);
}

/** No key is bound to alt: `esc` and the next key read together look just like it, and are what was meant. */
function afterEsc(keys: readonly Key[], {meta}: InkKey): readonly Key[] {
	return meta ? ['esc', ...keys] : keys;
}

const arrows: ReadonlySet<Key> = new Set(['up', 'down', 'left', 'right']);
/** Of the others alt is told by a number, which is no `esc`. */
const oneByte: ReadonlySet<Key> = new Set(['esc', 'enter', 'tab', 'backspace']);

function withModifiers(name: Key, key: InkKey): readonly Key[] {
	if (name === 'tab' && key.shift) {
		return ['shift-tab'];
	}

	if (key.shift && arrows.has(name)) {
		return [`shift-${name}`];
	}

	return oneByte.has(name) ? afterEsc([name], key) : [name];
}

function controlName(character: string): Key | undefined {
	const code = character.codePointAt(0) ?? 0;
	switch (code) {
		case 0x00:
			return 'ctrl-space';
		case 0x08:
		case 0x7f:
			return 'backspace';
		case 0x09:
			return 'tab';
		case 0x0a:
		case 0x0d:
			return 'enter';
		case 0x1b:
			return 'esc';
		default:
			return code < 0x20 ? `ctrl-${String.fromCodePoint(code + (code < 0x1b ? 0x60 : 0x40))}` : undefined;
	}
}

/** The character that a key types into a line of text; undefined: it is no character. */
export function typedText(key: Key): string | undefined {
	return [...key].length === 1 ? key : undefined;
}

/** As it is written in hints, help and docs. */
export function keyLabel(key: Key): string {
	return labels[key] ?? key;
}

const labels: Readonly<Record<Key, string>> = {
	' ': 'space',
	enter: '↵',
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	'shift-up': 'shift-↑',
	'shift-down': 'shift-↓',
	'shift-left': 'shift-←',
	'shift-right': 'shift-→',
};
