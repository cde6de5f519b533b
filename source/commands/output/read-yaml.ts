import {parseAllDocuments} from 'yaml';

/** Every document of a text; throws a sentence with the line where it is none. */
export function parseYaml(text: string): unknown[] {
	return [...parseAllDocuments(text)].flatMap(document => {
		const [error] = document.errors;
		if (error) throw new Error(error.message.split('\n')[0] ?? 'it is no YAML');
		const value: unknown = document.toJS({maxAliasCount: 100});
		return value === null || value === undefined ? [] : [value];
	});
}
