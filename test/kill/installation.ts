import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const project = path.dirname(path.dirname(import.meta.dirname));

/** The built program in a folder of its own, so that a build meanwhile does not change what is started. */
export type Installation = {
	readonly folder: string;
	/** The command, launcher included. */
	readonly command: string;

	remove(): void;
};

export function install(): Installation {
	// Short, for the sockets below it.
	const folder = mkdtempSync(path.join(tmpdir(), 'mk-'));
	const program = path.join(folder, 'muster');
	mkdirSync(program);
	for (const part of ['bin', 'dist', 'images', 'package.json']) {
		cpSync(path.join(project, part), path.join(program, part), {recursive: true});
	}

	symlinkSync(path.join(project, 'node_modules'), path.join(program, 'node_modules'));
	return {
		folder,
		command: path.join(program, 'bin', 'muster'),
		remove: () => rmSync(folder, {recursive: true, force: true}),
	};
}
