import meow from 'meow';
import type {Fields} from '../../actions/action.ts';
import type {Collected} from './read-flags.ts';

/**
 * As `collect`, by meow. It is handed flags that are spelled out, for it drops a flag without a value silently, takes
 * `-p8080:80` apart and reads `--detach=maybe` as true. Types are the fields' business, so that every value stays text.
 */
export function collectWithMeow(flags: readonly string[], fields: Fields): Collected {
	const {flags: collected} = meow({
		importMeta: import.meta,
		pkg: {name: 'muster'},
		description: false,
		autoHelp: false,
		autoVersion: false,
		argv: flags,
		flags: Object.fromEntries(
			Object.keys(fields).map(name => [name, {type: 'string' as const, isMultiple: true as const}]),
		),
	});
	return Object.fromEntries(Object.entries(collected).map(([name, texts]) => [name, texts ?? []]));
}
