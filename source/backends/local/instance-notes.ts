import {closeSync, constants, ftruncateSync, openSync, readFileSync, readSync, writeSync} from 'node:fs';
import {isObject} from '../../core/difference/merge-patch.ts';
import type {Endpoint, InstanceStatus} from '../../core/model/index.ts';
import type {Assignment} from '../../orchestrator/fleet.ts';
import type {InstancePaths} from './home.ts';
import {isProcessIdentity, type ProcessIdentity} from './system/process-identity.ts';

// One file an instance, for a file system takes longer to make one than for all else that is done with it (0.1 ms on ext4,
// five times that where many were removed a minute ago): room for the shim to say how the command ended, then a line each for
// the assignment, the process and the status. The first is written once; what follows it is written over.

/** The shim of an instance, noted as soon as it runs. */
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

/** What was reported last, and what the next agent has to know besides. */
export type StatusNote = {
	readonly status: InstanceStatus;
	/** It was told to stop, because of this. */
	readonly stop?: {readonly reason: string};
};

/** What can be read of it; a writer that was killed may have left a line that cannot. */
export type InstanceNotes = {
	readonly assignment?: Assignment;
	readonly process?: ProcessNote;
	readonly status?: StatusNote;
};

/** More than a shell says of a command that a signal has killed, and its code. */
const exitBytes = 512;
const blank = Buffer.alloc(exitBytes, '\n');

/** Where the shim of an instance reports: what runs as another user has no file of the agent's open. */
export function exitFile({notes, exit}: InstancePaths, {template}: Pick<Assignment, 'template'>): string {
	return template.user === undefined ? notes : exit;
}

/** For the shim to write to from its beginning on. What an earlier start wrote is gone. */
export function openExitFile(file: string): number {
	const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
	try {
		writeSync(descriptor, blank, 0, exitBytes, 0);
		return descriptor;
	} catch (error) {
		closeSync(descriptor);
		throw error;
	}
}

/** What the shim reported; empty when it has not, or there is no such file. */
export function readExitText(file: string): string {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const bytes = Buffer.alloc(exitBytes);
			return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, exitBytes, 0));
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return '';
	}
}

/** The first trace of an instance. */
export function writeAssignment(file: string, assignment: Assignment): void {
	write(file, Buffer.concat([blank, lineOf(assignment)]), 0);
}

/** What is known of its process and what was reported of it last; over what was noted before. */
export function writeNotes(file: string, assignment: Assignment, process?: ProcessNote, status?: StatusNote): void {
	write(file, Buffer.concat([lineOf(process ?? null), lineOf(status ?? null)]), exitBytes + lineOf(assignment).length);
}

export function readNotes(file: string): InstanceNotes {
	try {
		const lines = readFileSync(file).subarray(exitBytes).toString('utf8').split('\n');
		const [assignment, process, status] = lines.map(parse);
		return {
			...(isAssignment(assignment) && {assignment}),
			...(isProcessIdentity(process) && {process: process as ProcessNote}),
			...(isStatus(status) && {status}),
		};
	} catch {
		return {};
	}
}

function lineOf(value: unknown): Buffer {
	return Buffer.from(`${JSON.stringify(value)}\n`);
}

function parse(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

function isAssignment(value: unknown): value is Assignment {
	return isObject(value) && typeof value.instanceId === 'string' && isObject(value.template);
}

function isStatus(value: unknown): value is StatusNote {
	return isObject(value) && isObject(value.status);
}

/**
 * Over what was there: a new file for each note, and a rename, cost more than all else that is done for a start, and a full
 * disk has no room for it. A writer that is killed leaves the old lines, the new ones, or the new ones before a rest of the old.
 */
function write(file: string, bytes: Buffer, at: number): void {
	const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
	try {
		writeSync(descriptor, bytes, 0, bytes.length, at);
		ftruncateSync(descriptor, at + bytes.length);
	} finally {
		closeSync(descriptor);
	}
}
