import {ClusterError} from '../../core/error.ts';

/** SQLite's primary result codes (the low byte of the extended ones) that are told apart. */
const busy = 5;
const corrupt = 11;
const notADatabase = 26;

type SqliteError = Error & {readonly errcode: number};

function isSqliteError(thrown: unknown): thrown is SqliteError {
	return thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number';
}

function primaryCode(thrown: unknown): number | undefined {
	return isSqliteError(thrown) ? thrown.errcode & 0xff : undefined;
}

export function damaged(path: string, found: string, cause?: unknown): ClusterError {
	return new ClusterError('unreachable', `the store ${path} is damaged: ${found}`, {
		hint: `Move ${path} and, where there is one, ${path}-wal away; put a backup in their place or begin with an empty cluster.`,
		cause,
	});
}

/** What went wrong while the file was being opened and read. */
export function openError(path: string, thrown: unknown): ClusterError {
	if (thrown instanceof ClusterError) return thrown;
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	switch (primaryCode(thrown)) {
		case corrupt:
		case notADatabase:
			return damaged(path, message, thrown);
		case busy:
			return new ClusterError('unreachable', `the store ${path} is in use by another process`, {
				hint: 'Only one muster daemon can use a store: end the other one.',
				cause: thrown,
			});
		default:
			return new ClusterError('failed', `cannot open the store ${path}: ${message}`, {
				hint: 'Its folder must exist, be writable and have room; MUSTER_HOME chooses another.',
				cause: thrown,
			});
	}
}

/** What went wrong while a transaction was being written; nothing of it was kept. */
export function writeError(path: string, thrown: unknown): ClusterError {
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	return new ClusterError('storage', `cannot write the store ${path}: ${message}`, {
		hint: 'Nothing was changed. Make room on its disk and try again.',
		cause: thrown,
	});
}
