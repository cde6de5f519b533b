import {ClusterError} from '../../core/error.ts';
import {onlyFile} from '../../core/model/config.ts';
import type {FileData} from '../../core/model/index.ts';
import {many, text} from '../fields/fields.ts';

/** Text, or what is none in base64. */
export type Content = string | {readonly base64: string};

/** Where the content of a config or secret comes from. Whoever can read files puts what FILE holds into `content`. */
export function contentFields(isSecret: boolean) {
	const literal = text('The content itself', 'TEXT');
	return {
		file: many(text('A file; - is standard input', 'FILE', {operand: 'rest'})),
		// A command line is kept in histories: of a secret it must not be repeated.
		literal: isSecret ? {...literal, format: () => '(hidden)'} : literal,
	};
}

type Given = {
	readonly file?: readonly string[] | undefined;
	readonly literal?: string | undefined;
	readonly content?: Content;
};

/** Undefined: none was given. */
export function contentOf(input: object): FileData | undefined {
	const {file = [], literal, content} = input as Given;
	if (file.length > 1 || (file.length > 0 && literal !== undefined)) {
		throw new ClusterError('usage', 'only one of FILE and --literal can be given');
	}

	const found = literal ?? content;
	return found === undefined ? undefined : {[onlyFile]: found};
}

export function neededContent(input: object): FileData {
	const content = contentOf(input);
	if (content === undefined) {
		throw new ClusterError('usage', 'FILE or --literal is missing');
	}

	return content;
}

/** What a file holds: as text where it is text, else as base64. */
export function asContent(bytes: Uint8Array): Content {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		return {base64: Buffer.from(bytes).toString('base64')};
	}
}

/** `what` names it: a flag, FILE. */
export function unreadable(file: string, cause: Error & {readonly code?: string}, what = 'FILE'): ClusterError {
	const sentences: Readonly<Record<string, string>> = {ENOENT: 'there is no such file', EISDIR: 'it is a folder'};
	const why = sentences[cause.code ?? ''] ?? cause.message;
	return new ClusterError('usage', `${what}: ${JSON.stringify(file)} cannot be read: ${why}`, {cause});
}
