import path from 'node:path';
import type {EnvEntry} from '../../actions/service/placement-fields.ts';
import {ClusterError} from '../../core/error.ts';
import type {Call} from '../verb.ts';

/**
 * Joins what --env-file, --env and --env-add give: a KEY alone takes the present environment's value, or is left out where
 * that has none, as docker does it. Later ones win.
 */
export async function resolveEnv(
	{host}: Pick<Call, 'host'>,
	input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
	const {
		envFile = [],
		env,
		envAdd,
		...rest
	} = input as {
		envFile?: readonly string[];
		env?: readonly EnvEntry[];
		envAdd?: readonly EnvEntry[];
	};
	const read = await Promise.all(envFile.map(async file => parseEnvFile(file, await readText(host, file))));
	const all = [...read.flat(), ...(env ?? []), ...(envAdd ?? [])];
	const known = all.flatMap(({key, value, inherited}) => {
		const found = inherited ? host.env[key] : value;
		return found === undefined ? [] : [{key, value: found}];
	});
	return {...rest, ...(known.length === 0 ? {} : {env: known})};
}

async function readText(host: Call['host'], file: string): Promise<string> {
	try {
		return await host.readFile(path.resolve(host.cwd, file));
	} catch (error) {
		throw unreadable(file, error);
	}
}

function unreadable(file: string, cause: unknown): ClusterError {
	const {code, message} = cause as NodeJS.ErrnoException;
	const why = code === 'ENOENT' ? 'there is no such file' : message;
	return new ClusterError('usage', `--env-file: ${JSON.stringify(file)} cannot be read: ${why}`, {cause});
}

function parseEnvFile(file: string, text: string): EnvEntry[] {
	return text.split(/\r?\n/).flatMap((line, index) => {
		if (/^\s*(#|$)/.test(line)) {
			return [];
		}

		const [, key, assign, value = ''] = /^\s*([^=\s]+)(=)?([\s\S]*)$/.exec(line) ?? [];
		if (key === undefined || (assign === undefined && value.trim() !== '')) {
			throw new ClusterError('usage', `--env-file: line ${index + 1} of ${JSON.stringify(file)} is not KEY=VALUE`);
		}

		return [{key, value, ...(assign === undefined ? {inherited: true} : {})}];
	});
}
