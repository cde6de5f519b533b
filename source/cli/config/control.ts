import {configRule, policyOf} from '../../core/config/config.ts';
import {ClusterError} from '../../core/error.ts';
import {namedRows, vocabulary} from '../../views/config/vocabulary.ts';
import {keyLabel} from '../../views/input/keys.ts';
import {readConfig} from './read.ts';

export async function checkConfig(folder: string): Promise<readonly string[]> {
	return (await readConfig(folder)).mistakes;
}

export function configSchema(): unknown {
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: 'config.yaml',
		...configRule(vocabulary()).schema,
	};
}

export function configKeys() {
	return [...namedRows()].map(([name, {keys, help}]) => ({name, keys: keys.map(keyLabel), help}));
}

/** A file that cannot be understood may forbid anything: nothing is changed before it can. */
export async function configPolicy(folder: string, context: string) {
	const {config, mistakes} = await readConfig(folder);
	const [mistake] = mistakes;
	if (mistake !== undefined) {
		throw new ClusterError('usage', `what may be changed in ${context} is not known: ${mistake}`, {
			hint: 'muster settings check tells all that is wrong with it',
		});
	}

	const {readOnly = false, confirm = []} = policyOf(config, context);
	return {readOnly, typedFor: new Set(typeof confirm === 'string' ? [confirm] : confirm)};
}
