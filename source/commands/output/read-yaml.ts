import {parseAllDocuments} from 'yaml';

/** Its warnings would go to the terminal past all that makes text harmless. */
const quietly = {logLevel: 'error'} as const;

/** Every document of a text; throws a sentence with the line where it is none. */
export function parseYaml(text: string): unknown[] {
	return [...parseAllDocuments(text, quietly)].flatMap(document => {
		const [error] = document.errors;
		if (error) throw new Error(error.message.split('\n')[0] ?? 'it is no YAML');
		const value: unknown = document.toJS({maxAliasCount: 100});
		return value === null || value === undefined ? [] : [value];
	});
}
