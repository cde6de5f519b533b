import {DatabaseSync} from 'node:sqlite';
import {ClusterError} from '../core/error.ts';

export type Lock = {release(): void};

/**
 * The exclusive lock on `file`, or undefined when another process holds it. Node has no flock; an open exclusive
 * transaction of SQLite holds the kernel's own lock on the file, which goes with the process however that ends, and is
 * not handed on to children.
 */
export function takeLock(file: string): Lock | undefined {
	let database: DatabaseSync | undefined;
	try {
		database = new DatabaseSync(file);
		database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
		const held = database;
		return {release: () => held.close()};
	} catch (error) {
		database?.close();
		if (isBusy(error)) {
			return undefined;
		}

		throw lockError(file, error as Error);
	}
}

function isBusy(error: unknown): boolean {
	const code = (error as {errcode?: unknown}).errcode;
	return typeof code === 'number' && (code & 0xff) === 5;
}

function lockError(file: string, cause: Error): ClusterError {
	return new ClusterError('failed', `${file} cannot be locked: ${cause.message}`, {
		hint: 'Remove this file when no muster daemon runs.',
		cause,
	});
}
