import type {Config, Secret} from '../core/model/index.ts';
import type {FileVersion, StoreReader, StoreTransaction} from './store/store.ts';
import type {Write} from './turn.ts';
import {filesOf} from './usage-of-stored.ts';

/** Kept besides those that services, or versions of theirs that can be gone back to, name. */
const keptVersions = 10;

export function fileVersionId(ownerId: string, version: number): string {
	return `${ownerId}.${version}`;
}

/** One version of what a config or secret holds, as its services are given it. */
export function putFileVersion(
	write: Write,
	owner: Config | Secret,
	version: number,
	content: Pick<FileVersion, 'data' | 'sealed'>,
): void {
	const {tx, now} = write;
	const id = fileVersionId(owner.id, version);
	tx.put('file-version', {kind: 'file-version', id, ownerId: owner.id, version, createdAt: now, ...content});
	const named = namedVersions(tx, owner);
	for (const old of versionsOf(tx, owner.id)) {
		if (old.version <= version - keptVersions && !named.has(old.version)) {
			tx.remove('file-version', old.id);
		}
	}
}

export function removeFileVersions(tx: StoreTransaction, ownerId: string): void {
	for (const {id} of versionsOf(tx, ownerId)) {
		tx.remove('file-version', id);
	}
}

export function versionsOf(store: Pick<StoreReader, 'all'>, ownerId: string): readonly FileVersion[] {
	return [...store.all('file-version')].filter(version => version.ownerId === ownerId);
}

function namedVersions(tx: Pick<StoreReader, 'all'>, {kind, name}: Config | Secret): Set<number> {
	const specs = [...tx.all('service'), ...tx.all('spec-version')].map(({spec}) => spec);
	const files = specs.flatMap(spec => filesOf(spec, kind).filter(({source}) => source === name));
	return new Set(files.flatMap(({version}) => version ?? []));
}
