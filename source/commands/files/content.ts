import path from 'node:path';
import {asContent, unreadable} from '../../actions/stored/file-content.ts';
import type {Call} from '../verb.ts';
import {readStandardInput} from './standard-input.ts';

/** More than any engine takes. */
const maxBytes = 4 * 1_048_576;

/** Puts what FILE holds into `content`: as text where it is text, else as base64. */
export async function readContent(
	{host}: Pick<Call, 'host'>,
	input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
	const [file] = (input.file ?? []) as readonly string[];
	if (file === undefined) {
		return {...input};
	}

	const bytes = file === '-' ? await readStandardInput(host, maxBytes) : await readFile(host, file);
	return {...input, content: asContent(bytes)};
}

async function readFile(host: Call['host'], file: string): Promise<Uint8Array> {
	try {
		return await host.readBytes(path.resolve(host.cwd, file));
	} catch (error) {
		throw unreadable(file, error as NodeJS.ErrnoException);
	}
}

/** A file of text that `what` names: a flag. */
export async function readText(host: Call['host'], what: string, file: string): Promise<string> {
	try {
		return await host.readFile(path.resolve(host.cwd, file));
	} catch (error) {
		throw unreadable(file, error as NodeJS.ErrnoException, what);
	}
}
