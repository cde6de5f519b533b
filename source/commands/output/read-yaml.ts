import {type ParseOptions, parseAllDocuments, type ScalarTag, type SchemaOptions} from 'yaml';

/** Its warnings would go to the terminal past all that makes text harmless. */
const quietly = {logLevel: 'error'} as const;

/** Every document of a text; throws a sentence with the line where it is none. */
export function parseYaml(text: string, options: ParseOptions & SchemaOptions = {}): unknown[] {
	return [...parseAllDocuments(text, {...quietly, ...options})].flatMap(document => {
		const [error] = document.errors;
		if (error) throw new Error(error.message.split('\n')[0] ?? 'it is no YAML');
		const value: unknown = document.toJS({maxAliasCount: 100});
		return value === null || value === undefined ? [] : [value];
	});
}

/** 0440 is octal, as those who write modes of files mean it. */
const octal: ScalarTag = {
	...{tag: 'tag:yaml.org,2002:int', default: true, test: /^0[0-7]+$/},
	resolve: text => Number.parseInt(text, 8),
};

/** The same of a Compose file, where `<<` takes over what an anchor holds. */
export function parseCompose(text: string): unknown[] {
	return parseYaml(text, {merge: true, customTags: tags => [octal, ...tags]});
}
