import path from 'node:path';
import {readEnvFile} from '../../actions/compose/files/interpolate.ts';
import type {FileSource} from '../../actions/compose/files/source-files.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {readStandardInput} from '../files/standard-input.ts';
import type {Host} from '../host.ts';

export const standardInput = '-';

const maxBytes = 4 * 1_048_576;

/** Compose files of this machine, and one of standard input. `-` is standard input, all others are absolute paths. */
export function composeSource(host: Host): FileSource & {text(file: string): Promise<string>} {
	const nameOf = (file: string) => {
		const near = file === standardInput ? file : path.relative(host.cwd, file);
		return near.startsWith('..') ? file : near;
	};

	async function text(file: string): Promise<string> {
		if (file === standardInput) return (await readStandardInput(host, maxBytes)).toString('utf8');
		try {
			return Buffer.from(await host.readBytes(file)).toString('utf8');
		} catch (thrown) {
			throw unreadable(JSON.stringify(nameOf(file)), thrown, 'cannot be read');
		}
	}

	return {
		nameOf,
		text,
		async document(file) {
			const {parseCompose} = await import('../output/read-yaml.ts');
			const content = await text(file);
			let documents: readonly unknown[];
			try {
				documents = parseCompose(content);
			} catch (cause) {
				throw unreadable(nameOf(file), cause, 'is no YAML');
			}

			if (documents.length > 1) {
				throw new ClusterError('usage', `--file: ${stripControl(nameOf(file))} holds more than one document`);
			}

			return documents[0];
		},
		async variables(file) {
			const bytes = await bytesOf(host, file);
			return bytes && readEnvFile(Buffer.from(bytes).toString('utf8'));
		},
		resolve: (folder, file) =>
			file === '~' || file.startsWith('~/')
				? path.join(host.env.HOME ?? '/', file.slice(1))
				: path.resolve(folder, file),
		folderOf: file => (file === standardInput ? host.cwd : path.dirname(file)),
	};
}

/** Undefined: there is no such file. Throws `usage` where it cannot be read. */
export async function bytesOf(host: Host, file: string): Promise<Uint8Array | undefined> {
	try {
		return await host.readBytes(file);
	} catch (thrown) {
		if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw unreadable(file, thrown, 'cannot be read');
	}
}

function unreadable(file: string, cause: unknown, what: string): ClusterError {
	return new ClusterError('usage', `${stripControl(file)} ${what}: ${toClusterError(cause).message}`, {cause});
}
