import {existsSync} from 'node:fs';
import path from 'node:path';
import type {ConfigControl} from '../../commands/host.ts';

/** The config file as commands see it. Most users have none: nothing is loaded for them. */
export function lazyConfig(folder: string): ConfigControl {
	const file = path.join(folder, 'config.yaml');
	return {
		file,
		check: async () => (await import('./control.ts')).checkConfig(folder),
		schema: async () => (await import('./control.ts')).configSchema(),
		keys: async () => (await import('./control.ts')).configKeys(),
		async policy(context) {
			if (!existsSync(file)) {
				return {readOnly: false, typedFor: new Set()};
			}

			const {configPolicy} = await import('./control.ts');
			return configPolicy(folder, context);
		},
	};
}
