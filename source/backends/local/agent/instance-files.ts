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
import type {Endpoint, InstanceStatus} from '../../../core/model/index.ts';
import type {Assignment} from '../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../home.ts';
import type {ProcessIdentity} from '../process-identity.ts';
import type {SpareFolders} from './spare-folders.ts';

/** process.json: the shim of an instance, written as soon as it runs. */
export type ProcessNote = ProcessIdentity & {
	readonly startedAt: number;
	/** How often the instance was started: again after a lost race for a port. */
	readonly starts: number;
	readonly endpoints: readonly Endpoint[];
	/** How the limits are held: for `inspect`, and for an agent that adopts it. */
	readonly isolation?: string;
	readonly inCgroup: boolean;
	readonly samplesMemory: boolean;
};

/** status.json: what was reported last, and what the next agent has to know besides. */
export type StatusNote = {
	readonly status: InstanceStatus;
	/** It was told to stop, because of this. */
	readonly stop?: {readonly reason: string};
};

/**
 * One line of JSON, written over what was there: a new file for each note, and a rename, cost more than all else that is
 * done for a start. A writer that is killed leaves the old line, the new one, or the new one before a rest of the old.
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
	writeNote(paths.assignment, assignment);
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
