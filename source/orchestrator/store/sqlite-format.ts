import {existsSync, renameSync, rmSync, statSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import {ClusterError} from '../../core/error.ts';
import {damaged} from './sqlite-error.ts';

/** In the header of the file: `must`. */
const applicationId = 0x6d757374;

/** Each brings the format from its index to the next number; the length is the newest format. Never changed, only added to. */
const migrations: readonly string[] = [
	`CREATE TABLE objects (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT;
	CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
	INSERT INTO revision VALUES (1, 0);`,
	// Services say how they are updated.
	`UPDATE objects SET json = json_set(json,
		'$.spec.update', json('{"parallelism":1,"delayMs":0,"order":"stop-first","monitorMs":5000,"maxFailureRatio":0,"failureAction":"pause"}'),
		'$.spec.rollback', json('{"parallelism":1,"delayMs":0,"order":"stop-first","monitorMs":5000,"maxFailureRatio":0,"failureAction":"pause"}'),
		'$.spec.paused', json('false'), '$.spec.canary', 0)
	WHERE kind IN ('service', 'spec-version');
	UPDATE objects SET json = json_set(json, '$.rollout.isRollback', json('false'), '$.rollout.failed', 0)
	WHERE kind = 'service' AND json_type(json, '$.rollout') = 'object';`,
];

/**
 * Makes a new file under another name and renames it when it is whole: a store that is there but empty was damaged.
 * `open` opens a file of the given name.
 */
export function createWhole(path: string, open: (path: string) => DatabaseSync): void {
	if (existsSync(path)) return;
	const unfinished = `${path}.new`;
	rmSync(unfinished, {force: true});
	const database = open(unfinished);
	try {
		database.exec(`PRAGMA application_id = ${applicationId}`);
		migrate(database, 0);
	} finally {
		database.close();
	}

	// The log of a store that was moved away must not be played into this one.
	rmSync(`${path}-wal`, {force: true});
	renameSync(unfinished, path);
}

/** Makes sure that the file is a store, whole and of this format; throws `unreachable` otherwise. */
export function checkFormat(path: string, database: DatabaseSync): void {
	if (statSync(path).size === 0) throw damaged(path, 'it is empty');
	const id = pragma(database, 'application_id');
	const format = Number(pragma(database, 'user_version'));
	if (id !== applicationId) {
		throw new ClusterError('unreachable', `${path} is a database of another program`, {
			hint: 'Move it away and try again.',
		});
	}

	if (format > migrations.length) {
		throw new ClusterError(
			'unreachable',
			`the store ${path} has format ${format}, this muster knows formats up to ${migrations.length}`,
			{hint: 'It was written by a newer muster: use that one.'},
		);
	}

	const found = pragma(database, 'quick_check');
	if (found !== 'ok') throw damaged(path, String(found).replaceAll(/\s+/g, ' '));
	migrate(database, format);
}

function migrate(database: DatabaseSync, from: number): void {
	for (const [format, statements] of migrations.entries()) {
		if (format >= from) {
			database.exec(`BEGIN; ${statements} PRAGMA user_version = ${format + 1}; COMMIT`);
		}
	}
}

function pragma(database: DatabaseSync, name: string): unknown {
	return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
