import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {type Journey, readJourneys} from './journey.ts';

const folder = path.join(import.meta.dirname, 'scripts');

/** Every journey there is, file by file. */
export function allJourneys(): readonly Journey[] {
	return readdirSync(folder)
		.filter(file => file.endsWith('.journey'))
		.sort()
		.flatMap(file => readJourneys(file.replace('.journey', ''), readFileSync(path.join(folder, file), 'utf8')));
}
