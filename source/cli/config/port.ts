import {unwatchFile, watchFile} from 'node:fs';
import path from 'node:path';
import type {ConfigPort, ConfigReading} from '../../views/ports.ts';
import {configName, readConfig} from './read.ts';

/** So often the file is looked at: by its name, since editors put another file in its place. */
const everyMs = 500;

export function createConfigPort(folder: string): ConfigPort {
	const file = path.join(folder, configName);
	return {
		read: () => read(folder),
		watch(listener) {
			let isEnded = false;
			// Of a file that is not there it is told once too, and of one that was only touched.
			let known = read(folder).then(reading => JSON.stringify(reading));
			// One after the other: what is told last is what the file says.
			const changed = () => {
				known = known.then(async before => {
					const reading = await read(folder);
					const text = JSON.stringify(reading);
					if (text !== before && !isEnded) {
						listener(reading);
					}

					return text;
				});
			};
			watchFile(file, {interval: everyMs, persistent: false}, changed);
			return () => {
				isEnded = true;
				unwatchFile(file, changed);
			};
		},
	};
}

async function read(folder: string): Promise<ConfigReading> {
	const {config, mistakes} = await readConfig(folder);
	const [first, ...others] = mistakes;
	if (first === undefined) {
		return {config};
	}

	return {mistake: others.length === 0 ? first : `${first} (and ${others.length} more: muster settings check)`};
}
