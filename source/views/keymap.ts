import type {Action} from '../actions/action.ts';
import type {Kind, Objects} from '../core/model/index.ts';
import {type Key, keyLabel} from './input/keys.ts';
import type {Ui} from './ui.ts';

/** What the keys of a screen act on: the object under the cursor, or the one that the screen is about. */
export type Target = Objects[Kind];

/**
 * One key binding as data. Dispatch, hint bar, help and docs/keys.md come from these rows. A row does one of three things:
 * it runs an action, goes into a screen about the target, or presses a button of the dashboard.
 */
export type KeymapRow<T extends Target = Target> = {
	readonly keys: readonly Key[];
	/** A word or two for the hint bar. */
	readonly hint: string;
	/** A sentence for help and docs. */
	readonly help: string;
	/** Not in the hint bar: known to everyone, or not worth the room. */
	readonly quiet?: boolean;
	/** Does something to the target: without one it cannot. */
	readonly needsTarget?: boolean;
	/** Done to all that are marked instead, where rows are. */
	many?(ui: Ui, targets: readonly Target[], key: Key): void;
	/** Why not, on whatever target: the help tells it, too. `kind`: what the screen lists. An action says so itself. */
	refused?(ui: Ui, kind: Kind | undefined): string | undefined;
	/** Why not, for what is neither an action nor without a target. */
	unavailable?(ui: Ui, target: T | undefined): string | undefined;
} & (
	| {readonly run: Action; readonly go?: never; press?: never}
	| {readonly go: string; readonly run?: never; press?: never}
	| {press(ui: Ui, target: T | undefined, key: Key): void; readonly run?: never; readonly go?: never}
);

/** Rows under a heading of the help screen, the nearest first: a key belongs to the first row that has it. */
export type KeymapGroup = {readonly title: string; readonly rows: readonly KeymapRow[]};

export function findRow(groups: readonly KeymapGroup[], key: Key): KeymapRow | undefined {
	for (const {rows} of groups) {
		const found = rows.find(({keys}) => keys.includes(key));
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
}

export function wantsTarget({needsTarget = false, run, go}: KeymapRow): boolean {
	return needsTarget || run !== undefined || go !== undefined;
}

/** Why a row cannot be pressed now; undefined: it can. It stays visible all the same. */
export function whyNot(ui: Ui, row: KeymapRow, target: Target | undefined): string | undefined {
	if (target === undefined && wantsTarget(row)) {
		return 'Nothing is selected.';
	}

	if (row.run !== undefined) {
		return ui.refusal(row.run, target);
	}

	return row.unavailable?.(ui, target);
}

/** Why a row cannot be pressed on anything; undefined: it depends on what it is pressed on. `kind`: what the screen lists. */
export function whyNever(ui: Ui, {run, refused}: KeymapRow, kind: Kind | undefined): string | undefined {
	return run === undefined ? refused?.(ui, kind) : ui.refusal(run, undefined);
}

/** `+/-`, `↵`, `ctrl-d`. */
export function keysLabel(keys: readonly Key[]): string {
	return keys.map(keyLabel).join('/');
}

/** For docs/keys.md: a table for each group. */
export function keymapMarkdown(groups: readonly KeymapGroup[]): string {
	const code = (keys: readonly Key[]) => keys.map(key => `\`${keyLabel(key).replace('|', '\\|')}\``).join(' ');
	return groups
		.map(({title, rows}) => {
			const lines = rows.map(({keys, help}) => `| ${code(keys)} | ${help} |`);
			return [`## ${title}`, '', '| Key | What it does |', '|---|---|', ...lines, ''].join('\n');
		})
		.join('\n');
}
