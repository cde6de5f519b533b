import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../../core/error.ts';

/** More than this was not left by a dashboard. */
const maxBytes = 1_000_000;

/** What was left under a name; what cannot be read is as good as not there. */
export function recall(folder: string, name: string): string | undefined {
	try {
		const text = readFileSync(path.join(folder, name), 'utf8');
		return text.length > maxBytes ? undefined : text;
	} catch {
		return undefined;
	}
}

/** Whole or not at all, for its owner only. */
export function keep(folder: string, name: string, text: string): void {
	const file = path.join(folder, name);
	const unfinished = `${file}.${process.pid}.new`;
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		writeFileSync(unfinished, text, {mode: 0o600});
		renameSync(unfinished, file);
	} catch (error) {
		throw cannotKeep(folder, error as Error);
	}
}

function cannotKeep(folder: string, cause: Error): ClusterError {
	return new ClusterError('failed', `nothing can be kept in ${folder}: ${cause.message}`, {cause});
}
