import {ClusterError} from '../../../core/error.ts';
import type {FileAttachment, InstanceTemplate} from '../../../core/model/index.ts';
import type {World} from '../../action.ts';
import type {Project} from '../project/project.ts';

/**
 * Of somebody else's config that holds several files a Compose file can only mean one: the one that its target is called after.
 * Throws `usage` where none is.
 */
export function refuseUnclearFiles({configs = [], secrets = []}: World, {services}: Project): void {
	const names = {
		configs: new Map(configs.map(({name, spec}) => [name, Object.keys(spec.data)])),
		secrets: new Map(secrets.map(({name, files}) => [name, files])),
	};
	for (const {key: service, patch} of services) {
		const template = (patch as {readonly template?: InstanceTemplate}).template;
		for (const kind of ['configs', 'secrets'] as const) {
			template?.[kind]?.forEach((file, index) => {
				const there = isChosen(file) ? [] : (names[kind].get(file.source) ?? []);
				if (there.length < 2 || there.some(name => name === file.target?.split('/').at(-1))) return;
				throw new ClusterError(
					'usage',
					`services.${service}.${kind}[${index}]: ${file.source} holds several files (${there.join(', ')}): say by a target that ends with its name which one is meant`,
				);
			});
		}
	}
}

function isChosen({key}: FileAttachment): boolean {
	return key !== undefined;
}
