import type {Yaml} from '../../core/yaml.ts';

/** For texts that somebody edits. */
export async function loadYaml(): Promise<Yaml> {
	const {parse, stringify} = await import('yaml');
	return {
		stringify: value => stringify(value, {aliasDuplicateObjects: false, lineWidth: 0}),
		// Its warnings would be written over the screen.
		parse: text => parse(text, {logLevel: 'error'}),
	};
}
