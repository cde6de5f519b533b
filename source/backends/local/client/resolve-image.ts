import {accessSync, constants, statSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../../../core/error.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';

export type Whereabouts = {
	/** The folder that a relative path starts from. */
	readonly cwd: string;
	/** The folders of PATH. */
	readonly path: string;
};

/**
 * What a user wrote as IMAGE, as the daemon takes it: the name of an image, or an executable by its absolute path. Throws
 * `not-found` when it is neither. Without `whereabouts` the daemon is on another machine.
 */
export function resolveImage(written: string, images: readonly string[], whereabouts: Whereabouts | undefined): string {
	const [, kind, name = ''] = /^(?:(image|exec|docker):)?(.*)$/s.exec(written) ?? [];
	if (kind === 'image' || kind === 'docker' || (kind === undefined && images.includes(name))) {
		return written;
	}

	const file = whereabouts
		? findExecutable(name, whereabouts.cwd, whereabouts.path)
		: // The daemon's machine has it, or not: only a whole path says which is meant.
			path.posix.isAbsolute(name) && name;
	if (file) {
		return `exec:${file}`;
	}

	const meant = kind === undefined ? nearMiss(name, images) : undefined;
	const what = kind === 'exec' ? 'executable' : 'image or executable';
	throw new ClusterError('not-found', `There is no ${what} named ${JSON.stringify(name)}.`, {
		hint: meant ? `Did you mean ${meant}?` : 'muster image ls shows the images.',
	});
}

function findExecutable(name: string, cwd: string, folders: string): string | undefined {
	const candidates = name.includes('/')
		? [path.resolve(cwd, name)]
		: folders.split(path.delimiter).map(folder => path.resolve(cwd, folder || '.', name));
	return name === '' ? undefined : candidates.find(file => isExecutable(file));
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
}
