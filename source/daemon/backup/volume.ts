import {createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {readTar} from '../../core/archive/tar.ts';
import {ClusterError} from '../../core/error.ts';
import {type PackResult, pack} from './pack.ts';
import {unpack} from './unpack.ts';

/** What a volume holds, as a tar: `shared/` and `slots/N/`. Files are as they are while they are read. */
export async function backupVolume(folder: string, file: string): Promise<PackResult> {
	if (existsSync(file)) {
		throw new ClusterError('conflict', `${file} is there already`, {hint: 'Give another name, or remove it.'});
	}

	return pack(
		file,
		['shared', 'slots'].map(name => ({name, from: path.join(folder, name)})),
	);
}

/** Whether nothing lies in it that a restore would remove. Throws where the archive is none, or cannot be read. */
export async function planVolume(folder: string, file: string): Promise<boolean> {
	if (!existsSync(file)) {
		throw new ClusterError('not-found', `there is no file ${file}`);
	}

	await readTar(createReadStream(file)).next();
	return ['shared', 'slots'].every(name => filesBelow(path.join(folder, name)) === 0);
}

function filesBelow(folder: string): number {
	try {
		return readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => !entry.isDirectory()).length;
	} catch {
		return 0;
	}
}

/**
 * Puts the content of an archive in the place of what a volume holds: unpacked whole beside it first. The folders themselves
 * stay, since instances may have them mounted.
 */
export async function restoreVolume(folder: string, file: string): Promise<number> {
	// Beside the folder of all volumes: in that one it would be taken for a volume that is gone.
	const fresh = path.join(path.dirname(path.dirname(folder)), `volume-restore-${process.pid}`);
	try {
		const count = await unpack(file, fresh, name => (/^(shared|slots)(\/|$)/.test(name) ? name : undefined));
		if (count === 0) {
			throw new ClusterError('usage', `${file} holds nothing of a volume`, {
				hint: 'muster volume backup makes such a file.',
			});
		}

		replaceContent(path.join(folder, 'shared'), path.join(fresh, 'shared'));
		for (const slot of childrenOf(path.join(fresh, 'slots'))) {
			replaceContent(path.join(folder, 'slots', slot), path.join(fresh, 'slots', slot));
		}

		return count;
	} finally {
		rmSync(fresh, {recursive: true, force: true});
	}
}

function replaceContent(folder: string, fresh: string): void {
	if (!existsSync(fresh)) {
		return;
	}

	if (!existsSync(folder)) {
		mkdirSync(path.dirname(folder), {recursive: true, mode: 0o711});
		renameSync(fresh, folder);
		return;
	}

	for (const name of childrenOf(folder)) {
		rmSync(path.join(folder, name), {recursive: true, force: true});
	}

	for (const name of childrenOf(fresh)) {
		renameSync(path.join(fresh, name), path.join(folder, name));
	}
}

function childrenOf(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder) : [];
}
