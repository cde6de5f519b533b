import {appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Journal, JournalEntry} from '../actions/journal/journal.ts';

/** Beyond this the file is put aside, in the place of the one before it. */
const maxBytes = 8 * 2 ** 20;
/** So much of the end is read: some thousand changes. */
const readBytes = 4 * 2 ** 20;

/** A line of JSON for each change, only ever added to. Small writes at the end of a file are not mixed with others'. */
export function createJournalFile(file: string): Journal {
	return {
		record(entry) {
			mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
			putAside(file);
			appendFileSync(file, `${JSON.stringify(entry)}\n`, {mode: 0o600});
		},
		async read() {
			return [...linesOf(`${file}.1`), ...linesOf(file)].flatMap(parse);
		},
	};
}

function putAside(file: string): void {
	if ((statSync(file, {throwIfNoEntry: false})?.size ?? 0) > maxBytes) {
		renameSync(file, `${file}.1`);
	}
}

/** Whole lines of the end. */
function linesOf(file: string): string[] {
	if (statSync(file, {throwIfNoEntry: false}) === undefined) {
		return [];
	}

	const descriptor = openSync(file, 'r');
	try {
		const {size} = fstatSync(descriptor);
		const from = Math.max(0, size - readBytes);
		const bytes = Buffer.alloc(size - from);
		readSync(descriptor, bytes, 0, bytes.length, from);
		const lines = bytes.toString('utf8').split('\n');
		return from === 0 ? lines : lines.slice(1);
	} finally {
		closeSync(descriptor);
	}
}

/** A line that was cut off by a power cut is none. */
function parse(line: string): JournalEntry[] {
	try {
		return line === '' ? [] : [JSON.parse(line) as JournalEntry];
	} catch {
		return [];
	}
}
