import {colourHelp, parseLook} from './colour.ts';
import {placeholderMistake} from './placeholders.ts';
import {flag, flagOrText, integer, list, object, oneOf, oneOrMany, type Rule, record, text} from './rule.ts';

/** What a config file may say. All of it is optional. */
export type ConfigFile = {
	readonly theme?: string;
	readonly themes?: Readonly<Record<string, ThemeFile>>;
	readonly mouse?: boolean;
	readonly keys?: Readonly<Record<string, string | readonly string[]>>;
	readonly commands?: readonly CommandFile[];
	readonly columns?: Readonly<Record<string, readonly ColumnFile[]>>;
	readonly contexts?: Readonly<Record<string, PolicyFile>>;
	readonly saveFolder?: string;
};

export type ThemeFile = {readonly base?: string; readonly roles?: Readonly<Record<string, string>>};

export type CommandFile = {
	readonly name: string;
	readonly key: string;
	readonly screens: string | readonly string[];
	readonly command: string;
	readonly screen?: boolean;
	readonly pause?: boolean;
	readonly confirm?: boolean | string;
	readonly changes?: boolean;
};

export type ColumnFile = {
	readonly title: string;
	readonly path: string;
	readonly width?: number;
	readonly wide?: boolean;
};

export type PolicyFile = {readonly readOnly?: boolean; readonly confirm?: string | readonly string[]};

/** The words that a config refers to. */
export type Vocabulary = {
	readonly themes: readonly string[];
	readonly roles: readonly string[];
	/** Screens that list objects, and all screens. */
	readonly tables: readonly string[];
	readonly screens: readonly string[];
	/** What keys can be bound to. */
	readonly rows: readonly string[];
	/** Ids of actions. */
	readonly actions: readonly string[];
};

const keyName =
	/^(?:[^\s\p{C}]|space|enter|esc|tab|shift-tab|up|down|left|right|pgup|pgdn|home|end|backspace|delete|ctrl-[a-z\\\]^_]|ctrl-space|shift-(?:up|down|left|right))$/u;
const key = text('A key: a character, or enter, esc, tab, space, up, pgdn, home, delete, ctrl-x, shift-up, …', {
	allowed: 'the name of a key: a character, or enter, esc, tab, space, up, pgdn, ctrl-x and the like',
	pattern: keyName,
});

const look = text(`How it looks: ${colourHelp}`, {
	check(found) {
		const codes = parseLook(found);
		return typeof codes === 'string' ? codes : undefined;
	},
});

const dotted = text('A path in the object, as its YAML shows it: spec.labels.team', {
	allowed: 'a path such as spec.labels.team',
	pattern: /^[^\s.]+(\.[^\s.]+)*$/,
});

/** The one table from which configs are checked, and their JSON Schema is made. */
export function configRule(words: Vocabulary, ownThemes: readonly string[] = []): Rule {
	return object("muster's configuration", {
		theme: oneOf('Which colours: a theme of muster, one of `themes`, or auto, which asks the terminal', [
			'auto',
			...words.themes,
			...ownThemes,
		]),
		themes: record(
			'Themes of your own, by name',
			text('Its name', {allowed: 'a name of letters, digits and -', pattern: /^[\w-]+$/}),
			object('A theme', {
				base: oneOf('The theme that it is like, but for `roles`', words.themes),
				roles: record('How each role looks', oneOf('A role', words.roles), look),
			}),
		),
		mouse: flag('Whether the mouse is for muster; false leaves it to the terminal'),
		keys: record(
			'Other keys: what `muster settings keys` lists → a key, or a list of them',
			oneOf('What the key does', words.rows),
			oneOrMany(key),
		),
		commands: list(
			'Commands of your own',
			object('A command on a key', {
				'name!': text('What hints and help call it'),
				'key!': key,
				'screens!': oneOrMany(oneOf('Where: a screen, or all', ['all', ...words.screens])),
				'command!': text(
					'A line for a shell. {{name}} {{id}} {{kind}} {{context}} {{service}} {{node}} {{image}} {{names}} (all that are marked) and any path such as {{spec.labels.team}} stand for what the cursor is on, each quoted as one word',
					{check: placeholderMistake},
				),
				screen: flag('It has the screen until it ends; without, it runs behind, and the end of what it wrote is shown'),
				pause: flag('With screen: it waits for enter at its end'),
				confirm: flagOrText('Asked first: true, or the question', text('The question')),
				changes: flag('False: it changes nothing, and is there in a context that is read-only'),
			}),
		),
		columns: record(
			'More columns of a list',
			oneOf('A list', words.tables),
			list(
				'Columns',
				object('A column', {
					'title!': text('Its heading', {allowed: 'a heading of at most 20 characters', pattern: /^.{1,20}$/u}),
					'path!': dotted,
					width: integer('At most so many characters wide', 3, 80),
					wide: flag('Only in the wide form of the list'),
				}),
			),
		),
		contexts: record(
			'What may be done where, by the name of a context; * stands for anything: swarm:prod, k8s:*',
			text('A context', {allowed: 'the name of a context, in which * stands for anything', pattern: /^\S+$/}),
			object('What may be done there', {
				readOnly: flag('Nothing is changed there, neither by key nor by command'),
				confirm: oneOrMany(oneOf('An action that wants the name to be typed', words.actions)),
			}),
		),
		saveFolder: text('Where screens and tables are saved', {allowed: 'an absolute path', pattern: /^\//}),
	});
}

/** What holds in a context: its own entry, else the first whose pattern fits. */
export function policyOf({contexts = {}}: ConfigFile, context: string): PolicyFile {
	const own = contexts[context];
	const fitting = Object.entries(contexts).find(([pattern]) => fits(pattern, context));
	return own ?? fitting?.[1] ?? {};
}

function fits(pattern: string, context: string): boolean {
	const expression = pattern
		.split('*')
		.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
		.join('.*');
	return new RegExp(`^${expression}$`).test(context);
}
