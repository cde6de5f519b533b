import {createReadStream, createWriteStream} from 'node:fs';
import {chmod, lchown, mkdir, symlink, utimes} from 'node:fs/promises';
import path from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {readTar, type TarEntry} from '../../core/archive/tar.ts';
import {ClusterError} from '../../core/error.ts';

/** What is to become of an entry: its path below the folder, or undefined to pass it over. */
export type Where = (name: string) => string | undefined;

/**
 * Unpacks an archive into a new folder. A name that leads out of it is refused, whatever way it takes: no links are followed,
 * for they are made last. Owners are given back where this user may.
 */
export async function unpack(archive: string, folder: string, where: Where = name => name): Promise<number> {
	const reader = readTar(createReadStream(archive, {highWaterMark: 1 << 20}));
	const later: Array<() => Promise<void>> = [];
	const isRoot = process.getuid?.() === 0;
	let count = 0;
	await mkdir(folder, {recursive: true, mode: 0o700});
	for (let entry = await reader.next(); entry; entry = await reader.next()) {
		const wanted = where(checked(entry.name));
		if (wanted !== undefined) {
			const file = path.join(folder, wanted);
			await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
			await put(entry, file, reader.data, later);
			const {owner} = entry;
			if (isRoot && owner && (entry.type === 'file' || entry.type === 'folder')) {
				later.push(() => lchown(file, owner.uid, owner.gid));
			}

			count++;
		}
	}

	for (const finish of later.toReversed()) {
		await finish();
	}

	return count;
}

async function put(
	entry: TarEntry,
	file: string,
	data: () => AsyncIterable<Uint8Array>,
	later: Array<() => Promise<void>>,
): Promise<void> {
	const {type, mode, modifiedS, target} = entry;
	if (type === 'folder') {
		await mkdir(file, {recursive: true, mode: 0o700});
		later.push(() => utimes(file, modifiedS, modifiedS));
		later.push(() => chmod(file, mode));
	} else if (type === 'file') {
		await pipeline(Readable.from(data()), createWriteStream(file, {flags: 'wx', mode: 0o600}));
		await utimes(file, modifiedS, modifiedS);
		later.push(() => chmod(file, mode));
	} else if (type === 'symlink') {
		later.push(() => symlink(target, file));
	}
}

function checked(name: string): string {
	const plain = path.posix.normalize(name);
	if (path.posix.isAbsolute(plain) || plain === '..' || plain.startsWith('../') || plain.includes('\0')) {
		throw new ClusterError('failed', `the archive holds a name that leads out of it: ${JSON.stringify(name)}`, {
			hint: 'Nothing was changed.',
		});
	}

	return plain;
}
