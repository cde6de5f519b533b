import path from 'node:path';
import {ClusterError} from '../core/error.ts';
import type {Call} from './verb.ts';

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

	const bytes = file === '-' ? await readAll(host.stdin) : await readFile(host, file);
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

function unreadable(file: string, cause: NodeJS.ErrnoException, what = 'FILE'): ClusterError {
	const sentences: Readonly<Record<string, string>> = {ENOENT: 'there is no such file', EISDIR: 'it is a folder'};
	const why = sentences[cause.code ?? ''] ?? cause.message;
	return new ClusterError('usage', `${what}: ${JSON.stringify(file)} cannot be read: ${why}`, {cause});
}

function readAll(stdin: Call['host']['stdin']): Promise<Uint8Array> {
	const {promise, resolve, reject} = Promise.withResolvers<Uint8Array>();
	const chunks: Uint8Array[] = [];
	let length = 0;
	const stop = stdin.onData(data => {
		if (data === undefined) {
			stop();
			resolve(Buffer.concat(chunks));
			return;
		}

		chunks.push(data);
		length += data.length;
		if (length > maxBytes) {
			stop();
			reject(new ClusterError('usage', `standard input: at most ${maxBytes} bytes are taken`));
		}
	});
	return promise;
}

function asContent(bytes: Uint8Array): string | {readonly base64: string} {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		return {base64: Buffer.from(bytes).toString('base64')};
	}
}
