import {type Codes, parseLook} from '../../core/config/colour.ts';
import {type ColumnFile, type ConfigFile, policyOf} from '../../core/config/config.ts';
import {valueAt, valueText} from '../../core/config/placeholders.ts';
import type {Target} from '../keymap.ts';
import type {Screen} from '../screen.ts';
import type {Settings} from '../settings.ts';
import {type Looks, makeTheme, type Role, type Theme} from '../theme.ts';
import {absent} from '../widgets/cells.ts';
import type {Column} from '../widgets/columns.ts';
import {bindingsOf} from './bindings.ts';

/** What a config means for the dashboard of one context. It was checked before. */
export function settingsOf(config: ConfigFile, context: string): Settings {
	const {readOnly = false, confirm = []} = policyOf(config, context);
	const theme = themeOf(config);
	return {
		policy: {readOnly, typedFor: new Set(typeof confirm === 'string' ? [confirm] : confirm)},
		bindings: bindingsOf(config),
		commands: config.commands ?? [],
		columns: config.columns ?? {},
		mouse: config.mouse ?? true,
		...(theme === undefined ? {} : {theme}),
	};
}

function themeOf({theme = 'auto', themes = {}}: ConfigFile): Theme | undefined {
	if (theme === 'auto') {
		return undefined;
	}

	const own = themes[theme];
	if (own === undefined) {
		return makeTheme(theme);
	}

	const looks = Object.entries(own.roles ?? {}).map(([role, look]): [Role, readonly Codes[]] => {
		const codes = parseLook(look);
		return [role as Role, typeof codes === 'string' ? [] : codes];
	});
	return makeTheme(own.base ?? 'dark', Object.fromEntries(looks) as Partial<Looks>);
}

/** The screens with the columns that were added to them; those without any stay what they are. */
export function screensWith(screens: readonly Screen[], columns: Settings['columns']): readonly Screen[] {
	return screens.map(screen => {
		const added = columns[screen.id] ?? [];
		return screen.type !== 'table' || added.length === 0
			? screen
			: {...screen, columns: [...screen.columns, ...added.map(columnOf)]};
	});
}

const usualWidth = 20;

/** Text, or a number to be sorted as such. What is not there is a dash, and comes last. */
function columnOf({title, path, width = usualWidth, wide}: ColumnFile): Column<Target> {
	return {
		title,
		priority: 1,
		min: Math.min(width, Math.max(4, title.length)),
		max: width,
		...(wide === undefined ? {} : {wide}),
		cell: object => valueText(valueAt(object, path)) ?? absent,
		sortBy(object) {
			const value = valueAt(object, path);
			return typeof value === 'number' ? value : valueText(value);
		},
	};
}
