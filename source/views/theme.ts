import type {Codes} from '../core/config/colour.ts';
import type {Tone} from '../core/instance-state.ts';

/** Colours that mean nothing but which is which. */
export type Tint = 'tint1' | 'tint2' | 'tint3' | 'tint4' | 'tint5' | 'tint6';

/** What a piece of text is, for its colour. A colour only repeats what a word or a glyph says too. */
export type Role = Tone | Tint | 'title' | 'dim' | 'key' | 'warning' | 'match' | 'selected' | 'plain';

/** Wraps text in the escape codes of a role. The codes close only what they opened, so that a row's background lasts. */
export type Theme = {
	readonly name: string;
	/** The environment wants it: no config changes it. */
	readonly isFixed?: boolean;
	paint(role: Role, text: string): string;
};

const colour = (code: string): Codes => [code, '39'];
const bold: Codes = ['1', '22'];

const shared: Record<Exclude<Role, 'selected' | 'dim' | 'key' | 'warning'>, readonly Codes[]> = {
	plain: [],
	title: [bold],
	waiting: [colour('33')],
	busy: [colour('36')],
	good: [colour('32')],
	done: [colour('90')],
	bad: [colour('31')],
	match: [['7', '27']],
	tint1: [colour('36')],
	tint2: [colour('35')],
	tint3: [colour('34')],
	tint4: [colour('32')],
	tint5: [colour('33')],
	tint6: [colour('31')],
};

/** How each role looks. */
export type Looks = Readonly<Record<Role, readonly Codes[]>>;

const roles: Readonly<Record<'dark' | 'light' | 'contrast', Looks>> = {
	/** Bright on black, nothing grey, and what is selected or wrong stands out by more than its colour. */
	contrast: {
		...shared,
		waiting: [colour('93')],
		busy: [colour('96')],
		good: [colour('92')],
		done: [],
		bad: [bold, colour('91'), ['4', '24']],
		warning: [bold, colour('93')],
		dim: [],
		key: [bold, colour('96')],
		selected: [bold, ['7', '27']],
		tint1: [colour('96')],
		tint2: [colour('95')],
		tint3: [colour('94')],
		tint4: [colour('92')],
		tint5: [colour('93')],
		tint6: [colour('91')],
	},
	dark: {
		...shared,
		dim: [colour('90')],
		key: [colour('36')],
		warning: [colour('33')],
		selected: [bold, ['48;5;237', '49']],
	},
	light: {
		...shared,
		waiting: [colour('38;5;130')],
		warning: [colour('38;5;130')],
		busy: [colour('34')],
		good: [colour('38;5;28')],
		dim: [colour('38;5;243')],
		key: [colour('34')],
		selected: [bold, ['48;5;254', '49']],
		tint5: [colour('38;5;94')],
	},
};

/** The themes of muster. */
export const themeNames = [...Object.keys(roles), 'none'];
export const roleNames = Object.keys(roles.dark) as readonly Role[];

export function makeTheme(name: string, own: Partial<Looks> = {}): Theme {
	const base = name in roles ? roles[name as keyof typeof roles] : undefined;
	if (base === undefined && Object.keys(own).length === 0) {
		return {name, paint: (_, text) => text};
	}

	const table = new Map(
		Object.entries({...base, ...own}).flatMap(([role, codes]) =>
			codes.length === 0 ? [] : [[role as Role, [open(codes), close(codes)]] as const],
		),
	);
	return {
		name,
		paint(role, text) {
			const codes = table.get(role);
			return codes === undefined || text === '' ? text : codes[0] + text + codes[1];
		},
	};
}

function open(codes: readonly Codes[]): string {
	return codes.map(([code]) => `\u{1B}[${code}m`).join('');
}

/** Innermost first, which is how Ink writes them: a line that it would write otherwise it reads twice. */
function close(codes: readonly Codes[]): string {
	return codes.toReversed().reduce((text, [, code]) => `${text}\u{1B}[${code}m`, '');
}

const tints = ['tint1', 'tint2', 'tint3', 'tint4', 'tint5', 'tint6'] as const;

/** The same for the same key: lines of one origin are found again. */
export function tintOf(key: string): Tint {
	return tints[hash(key) % tints.length] ?? 'tint1';
}

function hash(text: string): number {
	let sum = 0;
	for (let index = 0; index < text.length; index++) {
		sum = (sum * 31 + text.charCodeAt(index)) % 65_521;
	}

	return sum;
}

/** NO_COLOR and TERM=dumb win, then MUSTER_THEME: no config changes these. Else the background that COLORFGBG tells of; else dark. */
export function themeFrom(env: Readonly<Record<string, string | undefined>>): Theme {
	if (env.NO_COLOR || env.TERM === 'dumb') {
		return {...makeTheme('none'), isFixed: true};
	}

	const asked = env.MUSTER_THEME;
	if (asked !== undefined && themeNames.includes(asked)) {
		return {...makeTheme(asked), isFixed: true};
	}

	const background = Number(env.COLORFGBG?.split(';').at(-1) || Number.NaN);
	return makeTheme(background === 7 || background > 8 ? 'light' : 'dark');
}
