import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {ClusterError} from '../../../core/error.ts';
import type {Image} from '../../../core/model/index.ts';
import {checkName} from '../../../core/spec/name.ts';
import {checkImageFile, imageSpec} from './image-file.ts';

export const imageFileName = 'image.yaml';
const maxFileBytes = 65_536;

/**
 * The image in a folder; its name is the folder's. Throws `not-found` when there is no image.yaml, `usage` with every
 * problem of it, one a line.
 */
export async function readImage(folder: string, origin: Image['origin'], name = path.basename(folder)): Promise<Image> {
	const file = path.join(folder, imageFileName);
	const {text, modifiedAt} = await readText(file);
	const value = await parseYaml(file, text);
	const problems = [
		...checkName(name).map(({message}) => `${folder}: its name ${message}`),
		...checkImageFile(value, '').map(({path: key, message}) => `${file}${key.replace(/^\.?/, key && ': ')} ${message}`),
	];
	if (problems.length > 0) {
		throw new ClusterError('usage', problems.join('\n'));
	}

	return {
		kind: 'image',
		id: name,
		name,
		revision: '0',
		createdAt: modifiedAt,
		updatedAt: modifiedAt,
		path: folder,
		origin,
		...imageSpec(value),
	};
}

async function readText(file: string): Promise<{text: string; modifiedAt: number}> {
	try {
		const {size, mtimeMs} = await stat(file);
		if (size > maxFileBytes) {
			throw new ClusterError('usage', `${file} has ${size} bytes, allowed are ${maxFileBytes}`);
		}

		return {text: await readFile(file, 'utf8'), modifiedAt: Math.round(mtimeMs)};
	} catch (error) {
		throw error instanceof ClusterError ? error : notRead(file, error as NodeJS.ErrnoException);
	}
}

function notRead(file: string, cause: NodeJS.ErrnoException): ClusterError {
	return cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
		? new ClusterError('not-found', `There is no ${file}.`, {
				hint: 'An image is a folder with an image.yaml that has at least `command: [WORD, …]`.',
				cause,
			})
		: new ClusterError('failed', `${file} cannot be read: ${cause.message}`, {cause});
}

async function parseYaml(file: string, text: string): Promise<unknown> {
	const {parse} = await import('yaml');
	try {
		// Its warnings would go to the terminal past all that makes text harmless.
		return parse(text, {logLevel: 'error'});
	} catch (error) {
		throw noYaml(file, error as Error);
	}
}

/** The parser's message goes on with the lines around the place. */
function noYaml(file: string, cause: Error): ClusterError {
	const [first = ''] = cause.message.split('\n');
	return new ClusterError('usage', `${file} is no YAML: ${first.replace(/:$/, '')}`, {cause});
}
