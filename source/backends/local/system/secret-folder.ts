import {rmSync, statfsSync} from 'node:fs';
import path from 'node:path';
import type {Home} from '../home.ts';
import {homeHash} from '../home.ts';

/** Of statfs: tmpfs and ramfs. */
const memoryTypes = new Set([0x01_02_19_94, 0x85_84_58_f6]);

export type SecretFolder = {
	/** For this home alone; whoever makes it makes it private. */
	readonly folder: string;
	/** Nothing of it reaches a disk. */
	readonly isInMemory: boolean;
};

/** Where secrets that are in use lie: in memory, if there is such a file system that this user can write to. */
export function secretFolder(home: Pick<Home, 'root' | 'shortRun' | 'state'>): SecretFolder {
	const name = `muster-${homeHash(home.root)}`;
	const parents = [path.dirname(home.shortRun), '/dev/shm', '/run/shm'];
	const inMemory = parents.find(isInMemory);
	return inMemory === undefined
		? {folder: path.join(home.state, 'secrets'), isInMemory: false}
		: {folder: path.join(inMemory, name, 'secrets'), isInMemory: true};
}

function isInMemory(folder: string): boolean {
	try {
		return memoryTypes.has(statfsSync(folder).type);
	} catch {
		return false;
	}
}

/** With the folder of this home that it lies in, where nothing else does. */
export function removeSecrets(home: Pick<Home, 'root' | 'shortRun' | 'state'>): void {
	const {folder, isInMemory: isOutside} = secretFolder(home);
	rmSync(folder, {recursive: true, force: true});
	if (isOutside && path.dirname(folder) !== home.shortRun) {
		rmSync(path.dirname(folder), {recursive: true, force: true});
	}
}
