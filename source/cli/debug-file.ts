import {mkdirSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {inspect} from 'node:util';

/** Writes down what is known of an error; answers with the file, which lies among the logs, or where there is no room in
 *  the temporary folder. */
export function writeDebugFile(error: unknown, {folder, argv, version}: DebugOptions): string {
	const name = `debug-${new Date().toISOString().replaceAll(':', '')}-${process.pid}.txt`;
	const about = [`muster ${version}`, `node ${process.version} ${process.platform} ${process.arch}`, argv.join(' ')];
	const text = `${about.join('\n')}\n\n${inspect(error, {depth: 8})}\n`;
	try {
		return write(folder, name, text);
	} catch {
		return write(tmpdir(), name, text);
	}
}

export type DebugOptions = {
	readonly folder: string;
	readonly argv: readonly string[];
	readonly version: string;
};

function write(folder: string, name: string, text: string): string {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const file = path.join(folder, name);
	writeFileSync(file, text, {mode: 0o600, flag: 'wx'});
	return file;
}
