import {constants} from 'node:fs';
import {copyFile, lstat, mkdir, readdir, readlink, realpath, symlink} from 'node:fs/promises';
import path from 'node:path';
import {ClusterError} from '../../../core/error.ts';
import {formatBytes} from '../../../core/text/units.ts';

const maxBytes = 512 * 2 ** 20;
const maxEntries = 50_000;

type Entry = {readonly name: string; readonly kind: 'folder' | 'file' | 'link'; readonly bytes: number};

/**
 * Copies a folder of files, folders and links within it; modes are kept, links stay links. All of it is looked at before
 * anything is written. Throws `usage` for what may not be copied, `failed` for what cannot be read or written.
 */
export async function copyFolder(source: string, target: string): Promise<void> {
	try {
		const entries = await look(source);
		await mkdir(target, {mode: 0o700});
		for (const {name, kind} of entries) {
			await copy(kind, path.join(source, name), path.join(target, name));
		}
	} catch (error) {
		throw error instanceof ClusterError
			? error
			: new ClusterError('failed', `${source} cannot be copied: ${(error as Error).message}`, {cause: error});
	}
}

async function copy(kind: Entry['kind'], from: string, to: string): Promise<void> {
	if (kind === 'folder') {
		await mkdir(to, {mode: 0o700});
	} else if (kind === 'link') {
		await symlink(await readlink(from), to);
	} else {
		await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
	}
}

/** Everything below a folder, each folder before what is in it. */
async function look(source: string): Promise<Entry[]> {
	const entries: Entry[] = [];
	let bytes = 0;
	const waiting = [''];
	for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
		for (const child of await readdir(path.join(source, folder))) {
			const entry = await lookAt(source, path.join(folder, child));
			entries.push(entry);
			bytes += entry.bytes;
			if (entry.kind === 'folder') {
				waiting.push(entry.name);
			}

			if (bytes > maxBytes || entries.length > maxEntries) {
				throw new ClusterError(
					'usage',
					`${source} is too large for an image: allowed are ${formatBytes(maxBytes)} in ${maxEntries} files.`,
				);
			}
		}
	}

	return entries;
}

async function lookAt(source: string, name: string): Promise<Entry> {
	const file = path.join(source, name);
	const found = await lstat(file);
	if (found.isSymbolicLink()) {
		await checkLink(source, file);
		return {name, kind: 'link', bytes: 0};
	}

	if (!found.isFile() && !found.isDirectory()) {
		throw new ClusterError('usage', `${file} is neither a file nor a folder nor a link: it cannot be in an image.`);
	}

	return found.isFile() ? {name, kind: 'file', bytes: found.size} : {name, kind: 'folder', bytes: 0};
}

/** A copy's links must lead to the copy, so: relative, and to something in the folder. */
async function checkLink(source: string, file: string): Promise<void> {
	const written = await readlink(file);
	const target = await realpath(file).catch(() => undefined);
	const isInside = target !== undefined && (target === source || target.startsWith(`${source}${path.sep}`));
	if (path.isAbsolute(written) || !isInside) {
		throw new ClusterError('usage', `${file} is a link to ${written}, which leads out of the folder.`, {
			hint: 'Links in an image are relative and lead to something in it.',
		});
	}
}
