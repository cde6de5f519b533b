import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {isObject} from '../../core/difference/merge-patch.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import type {Manifest} from '../../core/resource/facet.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Host} from '../host.ts';
import {readStandardInput} from './standard-input.ts';

export type FoundManifest = {readonly file: string; readonly manifest: Manifest};

const endings = /\.(ya?ml|json)$/;
const maxBytes = 64 * 1024 * 1024;

/** What files, folders and `-` (standard input) hold, in their order; lists are taken apart. Throws `usage` that names it. */
export async function readManifests(host: Host, names: readonly string[]): Promise<readonly FoundManifest[]> {
	const found: FoundManifest[] = [];
	for (const name of names) {
		if (name === '-')
			found.push(...(await parse('standard input', (await readStandardInput(host, maxBytes)).toString('utf8'))));
		else for (const file of await filesOf(path.resolve(host.cwd, name), name)) found.push(...(await read(file)));
	}

	if (found.length === 0) {
		throw new ClusterError('usage', `${names.map(name => stripControl(name)).join(', ')}: there is no manifest in it`);
	}

	return found;
}

async function filesOf(file: string, name: string): Promise<readonly string[]> {
	try {
		if (!(await stat(file)).isDirectory()) return [file];
		const entries = await readdir(file);
		return entries
			.filter(entry => endings.test(entry))
			.toSorted()
			.map(entry => path.join(file, entry));
	} catch (cause) {
		throw unreadable('not-found', `${stripControl(name)} cannot be read`, cause);
	}
}

async function read(file: string): Promise<FoundManifest[]> {
	try {
		if ((await stat(file)).size > maxBytes) throw new Error('it is larger than 64 MiB');
		return await parse(file, await readFile(file, 'utf8'));
	} catch (cause) {
		if (cause instanceof ClusterError) throw cause;
		throw unreadable('usage', `${stripControl(file)} cannot be read`, cause);
	}
}

async function parse(file: string, text: string): Promise<FoundManifest[]> {
	const {parseYaml} = await import('../output/read-yaml.ts');
	let documents: unknown[];
	try {
		documents = parseYaml(text);
	} catch (cause) {
		throw unreadable('usage', `${stripControl(file)} is no YAML`, cause);
	}

	// `get -o yaml` prints a list.
	return documents
		.flat()
		.flatMap(document =>
			isObject(document) && Array.isArray(document.items) && isList(document.kind)
				? document.items.map((one, index) => checked(file, one, `items[${index}]`))
				: [checked(file, document, 'it')],
		);
}

function isList(kind: unknown): boolean {
	return typeof kind === 'string' && kind.endsWith('List');
}

function checked(file: string, value: unknown, where: string): FoundManifest {
	const problem = !isObject(value)
		? `${where} must be a mapping`
		: typeof value.apiVersion !== 'string'
			? `${where} has no apiVersion`
			: typeof value.kind !== 'string'
				? `${where} has no kind`
				: !isObject(value.metadata) || typeof value.metadata.name !== 'string'
					? `${where} has no metadata.name`
					: undefined;
	if (problem !== undefined) {
		throw new ClusterError('usage', `${stripControl(file)} is no manifest: ${problem}`);
	}

	return {file, manifest: value as Manifest};
}

function unreadable(code: 'usage' | 'not-found', what: string, cause: unknown): ClusterError {
	return new ClusterError(code, `${what}: ${reason(cause)}`, {cause});
}

function reason(thrown: unknown): string {
	const {code} = thrown as {code?: string};
	return code === 'ENOENT' ? 'there is no such file' : stripControl(toClusterError(thrown).message);
}
