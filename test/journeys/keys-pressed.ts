import {existsSync, readFileSync} from 'node:fs';
import {keyLabel} from '../../source/views/input/keys.ts';
import {allPlaces} from '../../source/views/keymaps/places.ts';

/** One key that a journey has pressed, told by the dashboard itself. */
export type Seen = {
	/** The title of the group of keys, or what lies over the screen. */
	readonly place: string;
	/** The keys of what lies over the screen. */
	readonly offered: readonly string[];
	/** The key, where it has done something. */
	readonly pressed: string | undefined;
};

/** What a journey has left in its file; one that has pressed nothing has none. */
export function readSeen(file: string): readonly Seen[] {
	const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
	return lines.filter(line => line !== '').map(line => JSON.parse(line) as Seen);
}

/** Every key that there is, of the tables and of what was laid over a screen, that has not done anything: `services: B`. */
export function keysNotPressed(seen: readonly Seen[]): readonly string[] {
	const tables = allPlaces().flatMap(({groups}) =>
		groups.flatMap(({title, rows}) => rows.flatMap(({keys}) => keys.map(key => nameOf(title, key)))),
	);
	const offered = seen.flatMap(({place, offered}) => offered.map(key => nameOf(place, key)));
	const pressed = new Set(seen.map(({place, pressed}) => nameOf(place, pressed ?? '')));
	return [...new Set([...tables, ...offered])].filter(name => !pressed.has(name));
}

function nameOf(place: string, key: string): string {
	// `-` leads to the last view on every kind of screen but where it scales.
	return `${key === '-' && place !== 'services' ? 'everywhere' : place}: ${keyLabel(key)}`;
}
