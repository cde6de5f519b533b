import {createReadStream} from 'node:fs';
import {readTar} from '../../core/archive/tar.ts';
import {ClusterError} from '../../core/error.ts';

/** The first thing in a backup. */
export const manifestName = 'muster-backup.json';

/** Of the archive; the store in it has its own. */
export const backupFormat = 1;

/** What of the state folder goes into a backup and comes out of it, besides the store and volumes; images are files too. */
export const keptState = [
	'secret.key',
	'access',
	'images',
	'journal.ndjson',
	'journal.ndjson.1',
	'access.ndjson',
	'access.ndjson.1',
];

/** And of the configuration's. */
export const keptConfig = ['config.yaml', 'context', 'contexts'];

export type BackupManifest = {
	readonly format: number;
	readonly version: string;
	readonly createdAt: number;
	/** Where the volumes lay. */
	readonly volumes: string;
	/** Whether what they held is in it. */
	readonly hasVolumes: boolean;
};

/** Throws `not-found`, `usage` where it is no backup, `unsupported` where a newer muster made it. */
export async function readManifest(file: string): Promise<BackupManifest> {
	const chunks: Uint8Array[] = [];
	try {
		const reader = readTar(createReadStream(file));
		const first = await reader.next();
		if (first?.name === manifestName && first.size < 65_536) {
			for await (const chunk of reader.data()) {
				chunks.push(chunk);
			}
		}
	} catch (error) {
		throw unreadable(file, error as NodeJS.ErrnoException);
	}

	const manifest = parse(Buffer.concat(chunks).toString('utf8'));
	if (!manifest) {
		throw new ClusterError('usage', `${file} is no backup of muster’s`, {hint: 'muster backup FILE makes one.'});
	}

	if (manifest.format > backupFormat) {
		throw new ClusterError(
			'unsupported',
			`${file} has format ${manifest.format}, this muster knows formats up to ${backupFormat}`,
			{hint: `It was made by muster ${manifest.version}: use that one, or a newer one.`},
		);
	}

	return manifest;
}

function parse(text: string): BackupManifest | undefined {
	try {
		const {format, version, createdAt, volumes, hasVolumes} = JSON.parse(text) as Partial<BackupManifest>;
		return typeof format === 'number' && typeof volumes === 'string'
			? {format, version: String(version), createdAt: Number(createdAt), volumes, hasVolumes: hasVolumes === true}
			: undefined;
	} catch {
		return undefined;
	}
}

function unreadable(file: string, cause: NodeJS.ErrnoException): ClusterError {
	if (cause.code === 'ENOENT') {
		return new ClusterError('not-found', `there is no file ${file}`, {cause});
	}

	return cause.code === undefined || cause instanceof ClusterError
		? new ClusterError('usage', `${file} is no backup of muster’s`, {hint: 'muster backup FILE makes one.', cause})
		: new ClusterError('failed', `${file} cannot be read: ${cause.message}`, {cause});
}
