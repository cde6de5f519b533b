import path from 'node:path';
import {type Loaded, loadFiles} from '../../actions/compose/files/load.ts';
import type {FileSource} from '../../actions/compose/files/source-files.ts';
import {isCompose} from '../../actions/compose/project/project.ts';
import {isObject} from '../../core/difference/merge-patch.ts';
import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {readText} from '../files/content.ts';
import type {Host} from '../host.ts';
import {bytesOf, composeSource, standardInput} from './compose-source.ts';

/** As found in the present folder, the first one that is there; and what changes it there. */
const usualNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const overrideNames = usualNames.map(name => name.replace('.', '.override.'));

export type ComposeFiles = {
	/** As they were named, or found. */
	readonly names: readonly string[];
	readonly loaded: Loaded;
};

/** The files that were named, or the usual ones of this folder, as one. Throws `usage` where they are none. */
export async function readCompose(host: Host, named: readonly string[] | undefined): Promise<ComposeFiles> {
	const names = named ?? (await usual(host));
	const source = keeping(composeSource(host));
	const files = names.map(name => (name === standardInput ? name : path.resolve(host.cwd, name)));
	// Of those that were named themselves it is the flag that is wrong.
	for (const name of names) if (name !== standardInput) await readText(host, '--file', name);
	await refuseOthers(files, source);
	const folder = source.folderOf(files[0] ?? standardInput);
	const own = await source.variables(path.join(folder, '.env'));
	return {names, loaded: await loadFiles({files, folder, env: {...own, ...host.env}}, source)};
}

/** Whether it is one by its name and content; what cannot be read is none. */
export async function isComposeFile(host: Host, name: string): Promise<boolean> {
	if (!/\.ya?ml$/.test(name)) return false;
	const source = composeSource(host);
	const file = path.resolve(host.cwd, name);
	try {
		// Manifests may be long: they are not read twice.
		return maybeCompose.test(await source.text(file)) && isCompose(await source.document(file));
	} catch {
		return false;
	}
}

/** In flow style all stands within braces. */
const maybeCompose = /^\s*\{|^["']?(?:services|include)["']?\s*:/m;

async function usual(host: Host): Promise<readonly string[]> {
	const [name, ...others] = await thoseThere(host, usualNames);
	if (name === undefined) {
		throw new ClusterError('usage', `--file is missing, and there is no ${usualNames.join(', ')} in this folder`);
	}

	const [override] = await thoseThere(host, overrideNames);
	for (const other of others) host.stderr.write(`not read: ${other}, since there is ${name}\n`);
	if (override === undefined) return [name];
	host.stderr.write(`read with it: ${override}\n`);
	return [name, override];
}

async function thoseThere(host: Host, names: readonly string[]): Promise<readonly string[]> {
	const found: string[] = [];
	for (const name of names) {
		if ((await bytesOf(host, path.resolve(host.cwd, name))) !== undefined) found.push(name);
	}

	return found;
}

/** Standard input is read once. */
function keeping(source: FileSource): FileSource {
	const documents = new Map<string, Promise<unknown>>();
	return {
		...source,
		document(file) {
			const found = documents.get(file) ?? source.document(file);
			documents.set(file, found);
			return found;
		},
	};
}

/** The first one has what runs; the others change it. */
async function refuseOthers(files: readonly string[], source: FileSource): Promise<void> {
	for (const [index, file] of files.entries()) {
		const document = await source.document(file);
		const name = stripControl(source.nameOf(file));
		if (index === 0 && !isCompose(document)) {
			throw new ClusterError('usage', `--file: ${name} is no Compose file: it has no services`);
		}

		if (isObject(document) && document.kind !== undefined) {
			throw new ClusterError('usage', `--file: ${name} is a manifest, and no Compose file`);
		}
	}
}
