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
			// Of a file that is not there it is told once too, and of one that was only touched.
			let known = JSON.stringify(read(folder));
			const changed = () => {
				const reading = read(folder);
				const text = JSON.stringify(reading);
				if (text !== known) {
					known = text;
					listener(reading);
				}
			};
			watchFile(file, {interval: everyMs, persistent: false}, changed);
			return () => unwatchFile(file, changed);
		},
	};
}

function read(folder: string): ConfigReading {
	const {config, mistakes} = readConfig(folder);
	const [first, ...others] = mistakes;
	if (first === undefined) {
		return {config};
	}

	return {mistake: others.length === 0 ? first : `${first} (and ${others.length} more: muster settings check)`};
}
