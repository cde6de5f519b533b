import type {ColumnFile, CommandFile} from '../core/config/config.ts';
import type {Bindings} from './config/bindings.ts';
import type {Theme} from './theme.ts';

/** What may be done in a context, and how it is confirmed. */
export type Policy = {
	readonly readOnly: boolean;
	/** Actions (by id) that want the object's name to be typed. */
	readonly typedFor: ReadonlySet<string>;
};

/** How the dashboard looks and what its keys do, as its user wants it. */
export type Settings = {
	readonly policy: Policy;
	readonly bindings: Bindings;
	readonly commands: readonly CommandFile[];
	/** By the screen that they are added to. */
	readonly columns: Readonly<Record<string, readonly ColumnFile[]>>;
	readonly mouse: boolean;
	/** Undefined: as the terminal and the environment say. */
	readonly theme?: Theme;
};

export const defaultSettings: Settings = {
	policy: {readOnly: false, typedFor: new Set()},
	bindings: new Map(),
	commands: [],
	columns: {},
	mouse: true,
};
