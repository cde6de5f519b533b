import {
	closeSync,
	constants,
	existsSync,
	ftruncateSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeSync,
} from 'node:fs';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../../home.ts';
import {writeAssignment} from '../../instance-notes.ts';
import type {SpareFolders} from '../launch/spare-folders.ts';

/**
 * One line of JSON, written over what was there: a full disk has no room for another file. A writer that is killed leaves
 * the old line, the new one, or the new one before a rest of the old.
 */
export function writeNote(file: string, note: object): void {
	const line = Buffer.from(`${JSON.stringify(note)}\n`);
	const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
	try {
		writeSync(descriptor, line, 0, line.length, 0);
		ftruncateSync(descriptor, line.length);
	} finally {
		closeSync(descriptor);
	}
}

/** The first line; undefined when there is none, or none that can be read. */
export function readNote(file: string): unknown {
	try {
		const [line = ''] = readFileSync(file, 'utf8').split('\n', 1);
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

/** The first trace of an instance; without an assignment it is none. */
export function createInstanceFolder(
	paths: InstancePaths,
	assignment: Assignment,
	spare: SpareFolders,
	fill: () => void,
): void {
	if (existsSync(paths.folder) || !spare.take(paths.folder)) {
		mkdirSync(paths.work, {recursive: true, mode: 0o700});
	}

	fill();
	writeAssignment(paths.notes, assignment);
}

export function removeInstanceFolder(paths: InstancePaths): void {
	rmSync(paths.attachSocket, {force: true});
	rmSync(paths.folder, {recursive: true, force: true});
}

export function listInstanceIds(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
