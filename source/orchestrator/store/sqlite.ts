import {chmodSync, closeSync, openSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import type {DatabaseSync} from 'node:sqlite';
import {createGroupSync} from './group-sync.ts';
import type {Persistence} from './persistence.ts';
import {damaged, openError, writeError} from './sqlite-error.ts';
import {checkFormat, createWhole} from './sqlite-format.ts';
import type {StoreChange} from './store.ts';
import type {AnyStored} from './tables.ts';

/** How long to wait for a daemon that is just ending. */
const busyTimeoutMs = 500;

/** One file, mode 0600, with a write-ahead log beside it. Throws ClusterError when it cannot be used; it is not changed then. */
export function openSqlite(path: string): Persistence {
	try {
		createWhole(path, openFile);
		const database = openFile(path);
		try {
			checkFormat(path, database);
			database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
			return persistenceOf(path, database);
		} catch (error) {
			database.close();
			throw error;
		}
	} catch (error) {
		throw openError(path, error);
	}
}

function openFile(path: string): DatabaseSync {
	// SQLite gives the files beside it the same mode.
	closeSync(openSync(path, 'a', 0o600));
	chmodSync(path, 0o600);
	const {DatabaseSync} = process.getBuiltinModule('node:sqlite');
	const database = new DatabaseSync(path, {timeout: busyTimeoutMs});
	// For this process alone: that also keeps the log's index out of shared memory, where a full disk kills.
	database.exec('PRAGMA locking_mode = EXCLUSIVE');
	return database;
}

function persistenceOf(path: string, database: DatabaseSync): Persistence {
	const put = database.prepare(
		'INSERT INTO objects (kind, id, json) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json',
	);
	const remove = database.prepare('DELETE FROM objects WHERE kind = ? AND id = ?');
	const setRevision = database.prepare('UPDATE revision SET value = ?');
	let isDurable = true;
	let log: Promise<FileHandle> | undefined;
	const group = createGroupSync(async () => {
		try {
			// SQLite holds the same file open until it is closed; what it appended goes to the disk whoever asks for it.
			log ??= open(`${path}-wal`, 'r');
			await (await log).datasync();
		} catch (error) {
			throw writeError(path, error);
		}
	});

	/** FULL waits for the disk at each commit, NORMAL hands the log to the operating system only. */
	function setDurable(durable: boolean): void {
		if (durable === isDurable) return;
		database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
		isDurable = durable;
	}

	function writeRow({kind, id, json}: Row): void {
		if (json === undefined) {
			remove.run(kind, id);
		} else {
			put.run(kind, id, json);
		}
	}

	return {
		load() {
			try {
				return {revision: readRevision(path, database), objects: [...readObjects(path, database)]};
			} catch (error) {
				database.close();
				throw openError(path, error);
			}
		},
		write(revision, changes, durable) {
			const rows = changes.map(rowOf);
			try {
				setDurable(durable);
				database.exec('BEGIN IMMEDIATE');
				for (const row of rows) {
					writeRow(row);
				}

				setRevision.run(revision);
				database.exec('COMMIT');
				if (!durable) group.written();
			} catch (error) {
				if (database.isTransaction) database.exec('ROLLBACK');
				throw writeError(path, error);
			}
		},
		synced: group.synced,
		copyTo(file) {
			try {
				// Beside it first, with the mode that it is to have.
				closeSync(openSync(file, 'wx', 0o600));
				database.prepare('VACUUM INTO ?').run(file);
			} catch (error) {
				throw writeError(file, error);
			}
		},
		close() {
			database.close();
			void log?.then(handle => handle.close()).catch(() => {});
		},
	};
}

/** What a change leaves in the table; without `json` nothing. */
type Row = {readonly kind: string; readonly id: string; readonly json?: string};

function rowOf(change: StoreChange): Row {
	return change.type === 'put'
		? {kind: change.kind, id: change.object.id, json: JSON.stringify(change.object)}
		: {kind: change.kind, id: change.id};
}

function readRevision(path: string, database: DatabaseSync): number {
	const value = database.prepare('SELECT value FROM revision').get()?.value;
	if (typeof value !== 'number') throw damaged(path, 'it has no revision');
	return value;
}

function* readObjects(path: string, database: DatabaseSync): Generator<AnyStored> {
	for (const {kind, id, json} of database.prepare('SELECT kind, id, json FROM objects ORDER BY rowid').iterate()) {
		const object = parse(String(json));
		if (!object || object.kind !== kind || object.id !== id) throw damaged(path, `${kind} ${id} cannot be read`);
		yield object;
	}
}

function parse(json: string): AnyStored | undefined {
	try {
		return JSON.parse(json) ?? undefined;
	} catch {
		return undefined;
	}
}
