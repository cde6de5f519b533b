import {accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../../../core/error.ts';

/**
 * Makes a folder with all its parents, 0700 where they are new, and checks that it can be written. `own`: what is there
 * already must be a real folder of this user's (another may have put one into the temporary folder), and becomes 0700.
 * Throws ClusterError `failed` that names the folder.
 */
export function prepareFolder(folder: string, {own = false} = {}): void {
	try {
		makeFolder(folder);
		accessSync(folder, constants.W_OK | constants.X_OK);
	} catch (error) {
		throw notWritable(folder, error);
	}

	if (own) {
		claim(folder);
	}
}

/** With its parents. Not by Node's `recursive`, which goes round for ever where a parent can never be made (/proc). */
function makeFolder(folder: string): void {
	try {
		mkdirSync(folder, 0o700);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' && path.dirname(folder) !== folder && !existsSync(path.dirname(folder))) {
			makeFolder(path.dirname(folder));
			mkdirSync(folder, 0o700);
		} else if (code !== 'EEXIST' || !statSync(folder).isDirectory()) {
			throw error;
		}
	}
}

function notWritable(folder: string, cause: unknown): ClusterError {
	return new ClusterError('failed', `${folder} cannot be written: ${describe(cause)}`, {
		hint: 'Give yourself write access to it, or set MUSTER_HOME to another folder.',
		cause,
	});
}

function claim(folder: string): void {
	const found = lstatSync(folder);
	if (!found.isDirectory() || found.uid !== process.getuid?.()) {
		throw new ClusterError('failed', `${folder} belongs to somebody else (user ${found.uid})`, {
			hint: 'Remove it, or set XDG_RUNTIME_DIR or MUSTER_HOME to a folder of your own.',
		});
	}

	if ((found.mode & 0o077) !== 0) {
		chmodSync(folder, 0o700);
	}
}

const sentences: Readonly<Record<string, string>> = {
	ENOENT: 'it cannot be made there',
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'read-only file system',
	ENOSPC: 'no space left on the disk',
	ENOTDIR: 'a part of its path is not a folder',
	EEXIST: 'there is a file of this name',
	ENAMETOOLONG: 'its name is too long',
	ELOOP: 'too many symbolic links',
};

function describe(error: unknown): string {
	const {code = '', message} = error as NodeJS.ErrnoException;
	return sentences[code] ?? message;
}
