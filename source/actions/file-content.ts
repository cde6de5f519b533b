import {ClusterError} from '../core/error.ts';
import {onlyFile} from '../core/model/config.ts';
import type {FileData} from '../core/model/index.ts';
import {many, text} from './fields.ts';

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
