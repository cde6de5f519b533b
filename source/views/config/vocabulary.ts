import {actions} from '../../actions/index.ts';
import type {ConfigFile, Vocabulary} from '../../core/config/config.ts';
import type {Finding} from '../../core/config/rule.ts';
import {type Key, keyLabel} from '../input/keys.ts';
import {allPlaces} from '../keymaps/places.ts';
import {allScreens} from '../screens.ts';
import {roleNames, themeNames} from '../theme.ts';
import {bindingsOf, boundGroups, keysOfConfig, rowName, tellsKeysApart} from './bindings.ts';

/** Each row that can be bound to another key, once. */
export function namedRows(): ReadonlyMap<
	string,
	{readonly keys: readonly Key[]; readonly help: string; readonly apart: boolean}
> {
	return new Map(
		allPlaces().flatMap(({groups}) =>
			groups.flatMap(({title, rows}) =>
				rows.map(row => [rowName(title, row), {keys: row.keys, help: row.help, apart: tellsKeysApart(row)}] as const),
			),
		),
	);
}

export function vocabulary(): Vocabulary {
	const screens = allScreens();
	return {
		themes: themeNames,
		roles: roleNames,
		tables: screens.filter(screen => screen.type === 'table' && screen.at === undefined).map(({id}) => id),
		screens: screens.map(({id}) => id),
		rows: [...namedRows().keys()],
		actions: [...actions.keys()],
	};
}

/** What is wrong with keys and commands together: too few keys, and one key for two things on one screen. */
export function keyFindings(config: ConfigFile): readonly Finding[] {
	const rows = namedRows();
	const bindings = bindingsOf(config);
	const counts = [...bindings].flatMap(([name, keys]): Finding[] => {
		const row = rows.get(name);
		return row?.apart && keys.length !== row.keys.length
			? [
					{
						path: ['keys', name],
						message: `needs ${row.keys.length} keys, for ${row.keys.map(keyLabel).join(' and ')} in this order`,
					},
				]
			: [];
	});
	return counts.length > 0 ? counts : conflicts(config, bindings);
}

function conflicts(config: ConfigFile, bindings: ReadonlyMap<string, readonly Key[]>): readonly Finding[] {
	const found = new Map<string, Finding>();
	for (const {screen, groups} of allPlaces()) {
		const taken = new Map<Key, string>();
		const commands = (config.commands ?? []).flatMap((command, index) => {
			const where = typeof command.screens === 'string' ? [command.screens] : command.screens;
			return where.includes('all') || where.includes(screen)
				? [{name: command.name, keys: keysOfConfig(command.key), path: ['commands', index, 'key'] as const}]
				: [];
		});
		const named = boundGroups(groups, bindings).flatMap(({title, rows}) =>
			rows.map(row => ({name: rowName(title, row), keys: row.keys, path: ['keys', rowName(title, row)] as const})),
		);
		const own = named.filter(({name}) => bindings.has(name));
		const others = named.filter(({name}) => !bindings.has(name));
		for (const {name, keys} of others) {
			for (const key of keys) {
				taken.set(key, taken.get(key) ?? name);
			}
		}

		for (const {name, keys, path} of [...own, ...commands]) {
			for (const key of keys) {
				const other = taken.get(key);
				if (other !== undefined && other !== name) {
					const message = `${JSON.stringify(keyLabel(key))} is ${other} too, on ${screen}: bind that to another key, or take another one here`;
					found.set(path.join('.'), found.get(path.join('.')) ?? {path, message});
				}

				taken.set(key, other ?? name);
			}
		}
	}

	return [...found.values()];
}
