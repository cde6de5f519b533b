import type {Manifest} from './facet.ts';
import {groupOf} from './type.ts';

/** Whether the second cannot be there without the first: it lies in that namespace, or is of the kind that is defined there. */
export function isNeededBy(first: Manifest, second: Manifest): boolean {
	switch (first.kind) {
		case 'Namespace':
			return groupOf(first.apiVersion) === '' && second.metadata.namespace === first.metadata.name;
		case 'CustomResourceDefinition':
			return isKindOf(first, second);
		default:
			return false;
	}
}

function isKindOf(definition: Manifest, {apiVersion, kind}: Manifest): boolean {
	const {spec} = definition as {spec?: {group?: unknown; names?: {kind?: unknown}}};
	return spec?.names?.kind === kind && spec.group === groupOf(apiVersion);
}
