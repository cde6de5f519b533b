import {existsSync, rmSync} from 'node:fs';
import path from 'node:path';
import {connectOrStart} from '../../backends/local/client/connect.ts';
import type {Home} from '../../backends/local/home.ts';
import type {Program} from '../../backends/local/start-daemon.ts';
import {ClusterError} from '../../core/error.ts';
import {type BackupManifest, backupFormat, keptConfig, keptState, manifestName} from './manifest.ts';
import {type PackResult, pack} from './pack.ts';

export type BackupOptions = {
	readonly file: string;
	/** Also what volumes hold. */
	readonly volumes: boolean;
	readonly version: string;
	readonly now: number;
	readonly program?: Program | undefined;
};

/**
 * Packs the state of a home while it runs: the store as it is at one moment, then what lies beside it. Configs and secrets are
 * in the store, the key of the secrets is with them.
 */
export async function backup(home: Home, options: BackupOptions): Promise<PackResult> {
	const {file, volumes, version, now, program} = options;
	if (existsSync(file)) {
		throw new ClusterError('conflict', `${file} is there already`, {hint: 'Give another name, or remove it.'});
	}

	const {client} = await connectOrStart(home, program);
	try {
		const copy = await client.call<{file: string}>('POST', '/v1/copy-store', {});
		try {
			const manifest: BackupManifest = {
				format: backupFormat,
				version,
				createdAt: now,
				volumes: home.volumes,
				hasVolumes: volumes,
			};
			return await pack(file, [
				{name: manifestName, from: Buffer.from(`${JSON.stringify(manifest)}\n`)},
				{name: 'state/store.db', from: copy.file},
				...keptState.map(name => ({name: `state/${name}`, from: path.join(home.state, name)})),
				...keptConfig.map(name => ({
					name: `config/${name}`,
					from: path.join(home.config, name),
				})),
				...(volumes ? [{name: 'state/volumes', from: home.volumes}] : []),
			]);
		} finally {
			rmSync(copy.file, {force: true});
		}
	} catch (error) {
		throw asFailure(file, error);
	} finally {
		client.close();
	}
}

function asFailure(file: string, error: unknown): unknown {
	const {code, message} = error as NodeJS.ErrnoException;
	return error instanceof ClusterError || code === undefined
		? error
		: new ClusterError('failed', `${file} cannot be written: ${message}`, {cause: error});
}
