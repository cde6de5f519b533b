import type {ServiceSpec} from './model/index.ts';

/** Equal for two specs where instances of the one serve the other: when it changes, they are replaced. */
export function versionText({template, forceUpdate, ports}: ServiceSpec): string {
	const targets = [...new Set(ports.map(({target}) => target))].sort((a, b) => a - b);
	return JSON.stringify([template, forceUpdate, targets]);
}
