import {ClusterError} from '../../core/error.ts';
import {toJson} from './json.ts';
import type {Template} from './template.ts';

/** One thing that is no list, as data. */
export async function printValue(value: unknown, format: string | Template): Promise<string> {
	switch (format) {
		case 'json':
			return `${toJson(value, '  ')}\n`;
		case 'ndjson':
			return `${toJson(value)}\n`;
		case 'yaml': {
			const {toYaml} = await import('./yaml.ts');
			return toYaml(value);
		}

		default:
			throw new ClusterError(
				'usage',
				`-o ${typeof format === 'string' ? format : 'template'} is not possible here: json, yaml and ndjson are allowed`,
			);
	}
}
