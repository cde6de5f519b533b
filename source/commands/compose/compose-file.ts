import path from 'node:path';
import type {World} from '../../actions/action.ts';
import {readEnvFile} from '../../actions/compose/files/interpolate.ts';
import {filesNamed, isCompose, type Project, readProject} from '../../actions/compose/project/project.ts';
import {asContent, type Content} from '../../actions/stored/file-content.ts';
import type {Backend} from '../../core/backend.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {readText} from '../files/content.ts';
import {readStandardInput} from '../files/standard-input.ts';
import type {Host} from '../host.ts';
import {waysOf} from './ways.ts';

/** As found in the present folder, the first one that is there. */
const usualNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

const maxBytes = 4 * 1_048_576;

export type ComposeFile = {readonly document: unknown; readonly file: string; readonly folder: string};

/** The file that was named, or the usual one of this folder. Throws `usage` where it is none, or none is there. */
export async function readCompose(host: Host, named: string | undefined): Promise<ComposeFile> {
	const name = named ?? (await usualName(host));
	const found = await readIfCompose(host, name);
	if (found === undefined) {
		throw new ClusterError('usage', `--file: ${stripControl(name)} is no Compose file: it has no services`);
	}

	return found;
}

async function usualName(host: Host): Promise<string> {
	for (const name of usualNames) {
		if (await isThere(host, path.resolve(host.cwd, name))) return name;
	}

	throw new ClusterError('usage', `--file is missing, and there is no ${usualNames.join(', ')} in this folder`);
}

/** Manifests may be long: they are not read twice. In flow style all stands within braces. */
const maybeCompose = /^\s*\{|^["']?services["']?\s*:/m;

/** Undefined: it is something else. */
export async function readIfCompose(host: Host, name: string): Promise<ComposeFile | undefined> {
	const {parseCompose} = await import('../output/read-yaml.ts');
	const text =
		name === '-' ? (await readStandardInput(host, maxBytes)).toString('utf8') : await readText(host, '--file', name);
	if (!maybeCompose.test(text)) return undefined;
	let documents: readonly unknown[];
	try {
		documents = parseCompose(text);
	} catch (cause) {
		throw unreadable(name, cause, 'is no YAML');
	}

	const [document, ...more] = documents;
	if (!isCompose(document)) return undefined;
	if (more.length > 0) throw new ClusterError('usage', `--file: ${stripControl(name)} holds more than one document`);
	const file = name === '-' ? host.cwd : path.resolve(host.cwd, name);
	return {document, file: name, folder: name === '-' ? file : path.dirname(file)};
}

function unreadable(file: string, cause: unknown, what: string): ClusterError {
	return new ClusterError('usage', `${stripControl(file)} ${what}: ${toClusterError(cause).message}`, {cause});
}

async function isThere(host: Host, file: string): Promise<boolean> {
	try {
		await host.readBytes(file);
		return true;
	} catch {
		return false;
	}
}

/** What the file asks of this cluster. Everything that it names is read. Throws `usage` that names each path. */
export async function projectOf(
	host: Host,
	backend: Backend,
	{images}: World,
	{document, folder}: ComposeFile,
	name: string | undefined,
): Promise<Project> {
	const {runsProcesses, ...ways} = waysOf(backend);
	const resolve = (file: string) =>
		file === '~' || file.startsWith('~/') ? path.join(host.env.HOME ?? '/', file.slice(1)) : path.resolve(folder, file);
	const content = async (file: string): Promise<readonly [string, Content | undefined]> => {
		try {
			return [file, asContent(await host.readBytes(file))];
		} catch (thrown) {
			if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [file, undefined];
			throw unreadable(file, thrown, 'cannot be read');
		}
	};
	const [, own] = await content(path.join(folder, '.env'));
	const env = {...(typeof own === 'string' ? readEnvFile(own) : {}), ...host.env};
	const files = new Map(await Promise.all(filesNamed(document, env).map(file => content(resolve(file)))));
	return readProject(document, {
		name,
		folderName: path.basename(folder),
		env,
		...ways,
		imageOf: image => (runsProcesses ? localImage(image, images) : image),
		resolve,
		read: file => files.get(file),
	});
}

/** In a Compose file an image is a container's, unless muster has one of that name or its way is said. */
function localImage(image: string, images: World['images']): string {
	return /^(image|exec|docker):/.test(image) || images.some(({name}) => name === image) ? image : `docker:${image}`;
}
