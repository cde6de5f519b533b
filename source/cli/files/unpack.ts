import {constants} from 'node:fs';
import {chmod, copyFile, lstat, mkdir, open, rm, symlink, utimes} from 'node:fs/promises';
import path from 'node:path';
import type {Unpacked} from '../../actions/instance/local-files.ts';
import {readTar, type TarEntry, type TarReader} from '../../core/archive/tar.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';

/** More reasons than this are not read by anybody. */
const mostSkipped = 1000;

/**
 * Makes of an archive what is to be at `target`. What an instance sends is not trusted: nothing is written outside of the
 * target, neither by a name nor through a link that the archive itself has brought.
 */
export async function unpackFiles(target: string, archive: AsyncIterable<Uint8Array>): Promise<Unpacked> {
	const reader = readTar(archive);
	const skipped: string[] = [];
	const folders: Array<{readonly file: string; readonly entry: TarEntry}> = [];
	let files = 0;
	let bytes = 0;
	for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
		const at = placeOf(target, entry.name);
		const why = at === undefined ? 'its name leads elsewhere' : await obstacle(target, at);
		const wasThere = at !== undefined && (await lstat(at).catch(() => undefined)) !== undefined;
		const problem = why ?? (await make(target, at as string, entry, reader));
		if (problem !== undefined) {
			if (skipped.length < mostSkipped) {
				skipped.push(`${entry.name}: ${problem}`);
			}
		} else if (entry.type === 'folder') {
			if (!wasThere) {
				folders.push({file: at as string, entry});
			}
		} else {
			files++;
			bytes += entry.size;
		}
	}

	// Last: one that may not be written to gets its files first.
	for (const {file, entry} of folders.toReversed()) {
		await chmod(file, entry.mode % 0o1000).catch(() => {});
		await utimes(file, entry.modifiedS, entry.modifiedS).catch(() => {});
	}

	return {files, bytes, skipped};
}

/** Without the first part, which stands for the target; undefined: it would leave it. */
function placeOf(target: string, name: string): string | undefined {
	const parts = name.split('/').filter((part, index) => part !== '' && (part !== '.' || index === 0));
	const [, ...rest] = parts;
	return parts.length === 0 || parts.includes('..') ? undefined : path.join(target, ...rest);
}

/** Between the target and what is made there only true folders lie. */
async function obstacle(target: string, at: string): Promise<string | undefined> {
	if (at === target) {
		return undefined;
	}

	let folder = target;
	for (const part of path.relative(target, path.dirname(at)).split(path.sep)) {
		folder = path.join(folder, part);
		const found = await lstat(folder).catch(() => undefined);
		if (found !== undefined && folder !== target && !found.isDirectory()) {
			return `${folder} is no folder`;
		}
	}

	return undefined;
}

/** Answers with why it was left out. */
async function make(target: string, at: string, entry: TarEntry, reader: TarReader): Promise<string | undefined> {
	const {type} = entry;
	if (type === 'other') {
		return 'neither a file nor a folder nor a link';
	}

	try {
		if (type === 'folder') {
			await mkdir(at, {recursive: true});
			return undefined;
		}

		await mkdir(path.dirname(at), {recursive: true});
		if (type === 'symlink') {
			return await makeLink(target, at, entry);
		}

		if (type === 'hardlink') {
			return await makeCopy(target, at, entry);
		}

		await writeFile(at, entry, reader);
		return undefined;
	} catch (thrown) {
		throw notWritten(at, thrown);
	}
}

async function writeFile(at: string, {mode, modifiedS}: TarEntry, reader: TarReader): Promise<void> {
	await replaceLink(at);
	const {O_CREAT, O_TRUNC, O_WRONLY, O_NOFOLLOW = 0} = constants;
	const handle = await open(at, O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW, mode % 0o1000);
	try {
		for await (const chunk of reader.data()) {
			await handle.write(chunk);
		}

		// Without the bits that make a program run as somebody else.
		await handle.chmod(mode % 0o1000);
		await handle.utimes(modifiedS, modifiedS);
	} finally {
		await handle.close();
	}
}

async function makeLink(target: string, at: string, entry: TarEntry): Promise<string | undefined> {
	const leads = path.resolve(path.dirname(at), entry.target);
	if (path.isAbsolute(entry.target) || (leads !== target && !leads.startsWith(target + path.sep))) {
		return `a link to ${entry.target}, which is outside`;
	}

	await replaceLink(at);
	await symlink(entry.target, at);
	return undefined;
}

/** The same file under a second name becomes a second file. */
async function makeCopy(target: string, at: string, entry: TarEntry): Promise<string | undefined> {
	const from = placeOf(target, entry.target);
	const why = from === undefined ? 'a link to what is outside' : await obstacle(target, from);
	const found = from === undefined ? undefined : await lstat(from).catch(() => undefined);
	if (why !== undefined || from === undefined || !found?.isFile()) {
		return why ?? `a link to ${entry.target}, which did not come`;
	}

	await replaceLink(at);
	await copyFile(from, at);
	return undefined;
}

/** A link in the place of what comes is replaced, not written through. */
async function replaceLink(at: string): Promise<void> {
	const found = await lstat(at).catch(() => undefined);
	if (found?.isSymbolicLink()) {
		await rm(at);
	}
}

function notWritten(at: string, cause: unknown): ClusterError {
	const {code} = cause as NodeJS.ErrnoException;
	const kind = code === 'ENOSPC' || code === 'EDQUOT' ? 'storage' : code === 'EACCES' ? 'not-allowed' : 'failed';
	return cause instanceof ClusterError
		? cause
		: new ClusterError(kind, `${at} cannot be written: ${toClusterError(cause).message}`, {cause});
}
