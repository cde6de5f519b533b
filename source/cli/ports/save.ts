import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../../core/error.ts';

/** Writes a new file, for its owner only; where there is one of this name, `name-2.txt` and so on. Answers with its path. */
export function saveFile(folder: string, name: string, text: string): string {
	const {name: base, ext} = path.parse(name.replaceAll(/[^\w.-]+/g, '-'));
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		for (let count = 1; ; count++) {
			const file = path.join(folder, `${base}${count === 1 ? '' : `-${count}`}${ext}`);
			if (wrote(file, text)) {
				return file;
			}
		}
	} catch (error) {
		throw cannotSave(folder, error as Error);
	}
}

function wrote(file: string, text: string): boolean {
	try {
		writeFileSync(file, text, {mode: 0o600, flag: 'wx'});
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			return false;
		}

		throw error;
	}
}

function cannotSave(folder: string, cause: Error): ClusterError {
	return new ClusterError('failed', `nothing can be saved in ${folder}: ${cause.message}`, {cause});
}
