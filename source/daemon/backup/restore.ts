import {existsSync, mkdirSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {connectRunning} from '../../backends/local/client/connect.ts';
import {type Home, prepareHome} from '../../backends/local/home.ts';
import {findInstanceProcesses} from '../../backends/local/system/process-scan.ts';
import {ClusterError} from '../../core/error.ts';
import {createMemoryStore} from '../../orchestrator/store/memory-store.ts';
import {openSqlite} from '../../orchestrator/store/sqlite.ts';
import {findVirtualNet} from '../admission/virtual-net.ts';
import {takeLock} from '../lock.ts';
import {type BackupManifest, keptConfig, keptState, readManifest} from './manifest.ts';
import {unpack} from './unpack.ts';

export type RestorePlan = {
	readonly manifest: BackupManifest;
	/** There is a state already, which would be put aside. */
	readonly replaces: boolean;
};

export type RestoreResult = {
	readonly services: number;
	/** Where the state before lies now. */
	readonly aside: string | undefined;
};

/** Whether it can be restored; changes nothing. Throws `conflict` where something of this home runs. */
export async function planRestore(home: Home, file: string): Promise<RestorePlan> {
	const manifest = await readManifest(file);
	const running = await connectRunning(home).catch(() => 'another version');
	if (running !== undefined || findInstanceProcesses(home.root).length > 0) {
		if (typeof running === 'object') {
			running.client.close();
		}

		throw new ClusterError('conflict', 'a state is restored only where nothing of it runs', {
			hint: 'muster daemon stop --all',
		});
	}

	return {manifest, replaces: existsSync(home.store)};
}

/** Puts the state of a backup in the place of what there is, which is put aside whole; all or nothing. */
export async function restore(home: Home, file: string, now: number): Promise<RestoreResult> {
	const {manifest, replaces} = await planRestore(home, file);
	prepareHome(home);
	const lock = takeLock(home.lock);
	if (!lock) {
		throw new ClusterError('conflict', 'a daemon of this home is just starting', {hint: 'muster daemon stop --all'});
	}

	const fresh = path.join(home.state, `restore-${process.pid}`);
	try {
		rmSync(fresh, {recursive: true, force: true});
		await unpack(file, fresh);
		const place = {volumes: home.volumes, prefix: (await findVirtualNet(home))?.prefix};
		const services = settle(path.join(fresh, 'state/store.db'), manifest.volumes, place, now);
		const aside = replaces
			? path.join(home.state, `before-restore-${new Date(now).toISOString().replaceAll(':', '')}`)
			: undefined;
		swap(home, fresh, aside, manifest.hasVolumes);
		return {services, aside};
	} finally {
		rmSync(fresh, {recursive: true, force: true});
		lock.release();
	}
}

type Place = {readonly volumes: string; readonly prefix: string | undefined};

/** Opens it, which brings an older format up to date, and writes down where volumes lie and services are reached here. */
function settle(file: string, volumes: string, place: Place, now: number): number {
	if (!existsSync(file)) {
		throw new ClusterError('failed', 'the backup holds no store: it is not whole');
	}

	const store = createMemoryStore({persistence: openSqlite(file)});
	try {
		store.transact(true, now, tx => {
			for (const volume of [...tx.all('volume')]) {
				if (volume.path !== undefined && path.dirname(volume.path) === volumes) {
					tx.put('volume', {...volume, path: path.join(place.volumes, path.basename(volume.path))});
				}
			}

			for (const service of [...tx.all('service')]) {
				const {address, ...status} = service.status;
				const [, rest] = /^\d+\.\d+(\.\d+\.\d+)$/.exec(address ?? '') ?? [];
				if (rest !== undefined) {
					const moved = place.prefix === undefined ? {} : {address: place.prefix + rest};
					tx.put('service', {...service, status: {...status, ...moved}});
				}
			}
		});
		return store.count('service');
	} finally {
		store.close();
	}
}

/** Of the present state: what a backup brings, and what belongs to instances that are gone. */
function swap(home: Home, fresh: string, aside: string | undefined, hasVolumes: boolean): void {
	const state = ['store.db', 'store.db-wal', ...keptState, 'nodes', 'gateway.json', ...(hasVolumes ? ['volumes'] : [])];
	const moves = [
		...state.map(name => [path.join(home.state, name), `state/${name}`] as const),
		...keptConfig.map(name => [path.join(home.config, name), `config/${name}`] as const),
	];
	for (const [file, name] of moves) {
		if (aside !== undefined && existsSync(file)) {
			move(file, path.join(aside, name));
		} else {
			rmSync(file, {recursive: true, force: true});
		}
	}

	for (const [file, name] of moves) {
		const found = path.join(fresh, name);
		if (existsSync(found)) {
			move(found, file);
		}
	}
}

function move(from: string, to: string): void {
	mkdirSync(path.dirname(to), {recursive: true, mode: 0o700});
	renameSync(from, to);
}
