import {accessSync, constants, existsSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import type {Environment} from './environment.ts';

/** The words to start, the first one the path of an executable. Throws a sentence that says why there are none. */
export function resolveCommand({template, image}: Assignment, environment: Environment): string[] {
	const own = template.command;
	if (!image) {
		const name = template.image.replace(/^exec:/, '');
		return [resolveExecutable(name, environment.PATH ?? ''), ...own];
	}

	const words = own.length > 0 ? own : image.command.map(word => inImage(image.path, word));
	const [first = '', ...others] = words;
	return [first === 'node' ? process.execPath : resolveExecutable(first, environment.PATH ?? ''), ...others];
}

/** A word of an image's command that names one of its files is that file, wherever the instance works. */
function inImage(folder: string, word: string): string {
	const file = path.resolve(folder, word);
	const isInside = file.startsWith(`${folder}${path.sep}`);
	return isInside && existsSync(file) ? file : word;
}

/** A path, or a word that is looked up among the folders of `searchPath`. */
export function resolveExecutable(name: string, searchPath: string): string {
	if (name.includes('/')) {
		const problem = executableProblem(name);
		if (problem) {
			throw new Error(problem);
		}

		return name;
	}

	const found = searchPath
		.split(':')
		.filter(folder => path.isAbsolute(folder))
		.map(folder => path.join(folder, name))
		.find(file => executableProblem(file) === undefined);
	if (name === '' || found === undefined) {
		throw new Error(`no such executable on the PATH: ${name}`);
	}

	return found;
}

function executableProblem(file: string): string | undefined {
	try {
		const found = statSync(file, {throwIfNoEntry: false});
		if (!found) {
			return `no such file: ${file}`;
		}

		if (!found.isFile()) {
			return `not a file: ${file}`;
		}

		accessSync(file, constants.X_OK);
		return undefined;
	} catch {
		return `not permitted to run: ${file}`;
	}
}
