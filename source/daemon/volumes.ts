import {mkdirSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Home} from '../backends/local/home.ts';
import type {StoreReader} from '../orchestrator/store/store.ts';

/** Named after both: a volume that was removed and made again is another one. */
export function volumePath(home: Pick<Home, 'volumes'>, name: string, id: string): string {
	return path.join(home.volumes, `${name}.${id}`);
}

/** Folders that belong to no volume (any more) go. */
export function removeLostVolumes(home: Pick<Home, 'volumes'>, store: Pick<StoreReader, 'all'>): void {
	const known = new Set([...store.all('volume')].map(({path: folder}) => folder));
	for (const name of list(home.volumes)) {
		const folder = path.join(home.volumes, name);
		if (!known.has(folder)) {
			rmSync(folder, {recursive: true, force: true});
		}
	}
}

/** Instances of another user pass through it; what is in it belongs to them. */
export function makeVolumes(home: Pick<Home, 'volumes'>): void {
	mkdirSync(home.volumes, {recursive: true, mode: 0o711});
}

function list(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
