import {appendFileSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import type {Journal} from '../actions/journal.ts';

/** A line of JSON for each change, only ever added to. Small writes at the end of a file are not mixed with others'. */
export function createJournalFile(file: string): Journal {
	return {
		record(entry) {
			mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
			appendFileSync(file, `${JSON.stringify(entry)}\n`, {mode: 0o600});
		},
	};
}
