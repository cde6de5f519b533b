import {existsSync} from 'node:fs';
import {readdir, realpath, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {ClusterError} from '../../../core/error.ts';
import type {Image} from '../../../core/model/index.ts';
import {checkName} from '../../../core/spec/name.ts';
import type {Home} from '../home.ts';
import {copyFolder} from './copy-folder.ts';
import {builtInImages} from './index.ts';
import {imageFileName, readImage} from './read-image.ts';

let additions = 0;

/**
 * Copies a folder with an image.yaml to the images of this home, as a whole or not at all. Throws `not-found` (no such
 * folder, no image.yaml), `usage` (what is wrong in it, its size, a link that leaves it), `conflict` (the name is taken).
 */
export async function addImage(folder: string, name: string | undefined, home: Pick<Home, 'images'>): Promise<Image> {
	const source = await realpath(folder).catch(() => undefined);
	if (source === undefined) {
		throw new ClusterError('not-found', `There is no folder ${folder}.`);
	}

	const wanted = name ?? path.basename(source);
	refuseName(wanted, name === undefined);
	const target = path.join(home.images, wanted);
	if (existsSync(path.join(builtInImages(), wanted, imageFileName)) || existsSync(target)) {
		throw taken(wanted);
	}

	await readImage(source, 'added', wanted);
	await removeLeftOvers(home.images);
	const copy = path.join(home.images, `.new-${process.pid}-${++additions}`);
	try {
		await copyFolder(source, copy);
		await rename(copy, target);
	} catch (error) {
		await rm(copy, {recursive: true, force: true});
		const {code} = error as NodeJS.ErrnoException;
		throw code === 'ENOTEMPTY' || code === 'EEXIST' ? taken(wanted) : error;
	}

	return readImage(target, 'added');
}

function refuseName(name: string, isFolders: boolean): void {
	const [problem] = checkName(name, isFolders ? `the folder's name` : 'name');
	if (problem) {
		throw new ClusterError('usage', `${problem.path} ${problem.message}`, {
			hint: isFolders ? 'Give it another by --name.' : undefined,
		});
	}
}

function taken(name: string): ClusterError {
	return new ClusterError('conflict', `There is an image named ${name} already.`, {
		hint: 'Choose another by --name, or remove that one first.',
	});
}

/** Of processes that ended in the middle. */
async function removeLeftOvers(images: string): Promise<void> {
	for (const name of await readdir(images)) {
		const owner = /^\.(?:new|old-.*)-(\d+)-\d+$/.exec(name)?.[1];
		if (owner !== undefined && Number(owner) !== process.pid) {
			await rm(path.join(images, name), {recursive: true, force: true});
		}
	}
}
