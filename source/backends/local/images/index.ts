import {existsSync} from 'node:fs';
import {readdir, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Image} from '../../../core/model/index.ts';
import type {Home} from '../home.ts';
import {imageFileName, readImage} from './read-image.ts';

export type LoadedImages = {
	readonly images: readonly Image[];
	/** Of the folders that hold none which can be used. */
	readonly problems: readonly ClusterError[];
};

/** The built-in images and the added ones. A damaged one is a problem of its own and hides no other. */
export async function loadImages(home: Pick<Home, 'images'>): Promise<LoadedImages> {
	const images = new Map<string, Image>();
	const problems: ClusterError[] = [];
	for (const [folder, origin] of [
		[builtInImages(), 'built in'],
		[home.images, 'added'],
	] as const) {
		for (const name of await imageFolders(folder)) {
			try {
				// An earlier one of this name is built in: it stays what its name says.
				if (!images.has(name)) {
					images.set(name, await readImage(path.join(folder, name), origin));
				}
			} catch (error) {
				problems.push(toClusterError(error));
			}
		}
	}

	return {images: [...images.values()], problems};
}

/** Takes an added image away. Throws `not-found` and `not-allowed`; that nobody uses it is for the caller to know. */
export async function removeImage(name: string, home: Pick<Home, 'images'>): Promise<void> {
	if (existsSync(path.join(builtInImages(), name, imageFileName))) {
		throw new ClusterError('not-allowed', `The image ${name} is built in and cannot be removed.`);
	}

	if (!(await imageFolders(home.images)).includes(name)) {
		throw new ClusterError('not-found', `There is no image named ${name}.`);
	}

	// Gone at once, however long its files take.
	const leaving = path.join(home.images, `.old-${name}-${process.pid}-${Math.round(performance.now() * 1000)}`);
	await rename(path.join(home.images, name), leaving);
	await rm(leaving, {recursive: true, force: true});
}

/** `images/` of the package, seen from the bundle as from the sources. */
export function builtInImages(): string {
	for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
		const images = path.join(folder, 'images');
		if (existsSync(path.join(images, 'nodejs', imageFileName))) {
			return images;
		}
	}

	throw new ClusterError('failed', 'The built-in images are missing: install muster again.');
}

/** Names of the folders; what begins with a dot is being added or removed. */
async function imageFolders(folder: string): Promise<string[]> {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	return entries
		.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
		.map(({name}) => name)
		.sort();
}
