import {stat} from 'node:fs/promises';
import path from 'node:path';
import type {LocalFiles} from '../../actions/instance/local-files.ts';
import {ClusterError} from '../../core/error.ts';
import {packFiles} from './pack.ts';
import {unpackFiles} from './unpack.ts';

export function localFiles(cwd: string): LocalFiles {
	return {
		resolve: file => path.resolve(cwd, file),
		async stat(file) {
			try {
				return (await stat(file)).isDirectory() ? 'folder' : 'file';
			} catch (cause) {
				const {code} = cause as NodeJS.ErrnoException;
				if (code === 'ENOENT' || code === 'ENOTDIR') {
					return undefined;
				}

				throw unreadable(file, cause as Error);
			}
		},
		pack: packFiles,
		unpack: unpackFiles,
	};
}

function unreadable(file: string, cause: Error): ClusterError {
	return new ClusterError('not-allowed', `${file} cannot be read: ${cause.message}`, {cause});
}
