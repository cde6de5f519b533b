import {createReadStream} from 'node:fs';
import {lstat, readdir, readlink, stat} from 'node:fs/promises';
import path from 'node:path';
import {type TarEntry, tarEnd, tarHeader, tarPadding} from '../../core/archive/tar.ts';

/** What lies at a path as an archive in which it has another name. A link is followed only where it is the path itself. */
export async function* packFiles(
	file: string,
	name: string,
	seen: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
	yield* packEntry(file, name, seen, true);
	yield tarEnd;
}

async function* packEntry(
	file: string,
	name: string,
	seen: (bytes: number) => void,
	isFollowed: boolean,
): AsyncGenerator<Uint8Array> {
	const found = await (isFollowed ? stat(file) : lstat(file));
	const entry: TarEntry = {
		name,
		type: 'file',
		mode: found.mode % 0o10000,
		modifiedS: Math.floor(found.mtimeMs / 1000),
		size: 0,
		target: '',
	};
	if (found.isDirectory()) {
		// What goes into a folder that is there leaves that as it is.
		if (name !== '.') {
			yield tarHeader({...entry, type: 'folder', name: `${name}/`});
		}

		for (const child of (await readdir(file)).toSorted()) {
			yield* packEntry(path.join(file, child), `${name}/${child}`, seen, false);
		}
	} else if (found.isSymbolicLink()) {
		yield tarHeader({...entry, type: 'symlink', target: await readlink(file)});
	} else if (found.isFile()) {
		yield tarHeader({...entry, size: found.size});
		yield* contentOf(file, found.size);
		yield tarPadding(found.size);
		seen(found.size);
	}
	// Sockets, pipes and devices have no content.
}

/** So many bytes as its head has said, whatever happens to the file meanwhile. */
async function* contentOf(file: string, size: number): AsyncGenerator<Uint8Array> {
	let left = size;
	if (left > 0) {
		for await (const chunk of createReadStream(file, {end: size - 1, highWaterMark: 65_536})) {
			left -= (chunk as Uint8Array).length;
			yield chunk as Uint8Array;
		}
	}

	for (; left > 0; left -= 65_536) {
		yield new Uint8Array(Math.min(left, 65_536));
	}
}
