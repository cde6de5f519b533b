import type {ConfigFile} from '../../core/config/config.ts';
import type {Key} from '../input/keys.ts';
import type {KeymapGroup, KeymapRow} from '../keymap.ts';

/** Other keys, by the name of the row: `services.restart`. */
export type Bindings = ReadonlyMap<string, readonly Key[]>;

/** `every list` → `list`, `pending change` → `pending`. */
function groupName(title: string): string {
	return title.replace(/^every (?=\w)/, '').split(' ')[0] ?? title;
}

/** What a config calls a row: where it is, and its hint. */
export function rowName(groupTitle: string, {hint}: KeymapRow): string {
	return `${groupName(groupTitle)}.${hint
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}]+/gu, '-')
		.replace(/^-|-$/g, '')}`;
}

const bound = new WeakMap<Bindings, Map<KeymapRow, KeymapRow>>();

/** The rows with the keys that they are bound to. */
export function boundGroups(groups: readonly KeymapGroup[], bindings: Bindings): readonly KeymapGroup[] {
	return bindings.size === 0
		? groups
		: groups.map(({title, rows}) => ({title, rows: rows.map(row => boundRow(title, row, bindings))}));
}

/** The same row for the same bindings: frames ask each time. */
function boundRow(title: string, row: KeymapRow, bindings: Bindings): KeymapRow {
	const keys = bindings.get(rowName(title, row));
	if (keys === undefined) {
		return row;
	}

	const known = bound.get(bindings) ?? new Map<KeymapRow, KeymapRow>();
	bound.set(bindings, known);
	const rebound = known.get(row) ?? withKeys(row, keys);
	known.set(row, rebound);
	return rebound;
}

/** What tells its keys apart is pressed by the one in the same place. */
function withKeys(row: KeymapRow, keys: readonly Key[]): KeymapRow {
	const {press, many} = row;
	const meant = (key: Key) => row.keys[keys.indexOf(key)] ?? row.keys[0] ?? key;
	return {
		...row,
		keys,
		...(press === undefined ? {} : {press: (ui, target, key) => press(ui, target, meant(key))}),
		...(many === undefined ? {} : {many: (ui, targets, key) => many(ui, targets, meant(key))}),
	} as KeymapRow;
}

/** Whether each of its keys does something else: then as many have to be given. */
export function tellsKeysApart({press, keys}: KeymapRow): boolean {
	return keys.length > 1 && (press?.length ?? 0) >= 3;
}

/** `space` → ` `, one or many as a list. */
export function keysOfConfig(keys: string | readonly string[]): readonly Key[] {
	return (typeof keys === 'string' ? [keys] : keys).map(key => (key === 'space' ? ' ' : key));
}

export function bindingsOf({keys = {}}: ConfigFile): Bindings {
	return new Map(Object.entries(keys).map(([name, own]) => [name, keysOfConfig(own)]));
}
