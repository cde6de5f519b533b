import type {ResourceType} from './facet.ts';

/** What finds this kind and no other of the same name: `configmaps`, `ingresses.networking.k8s.io`. */
export function typeWord({name, apiVersion}: Pick<ResourceType, 'name' | 'apiVersion'>): string {
	const group = groupOf(apiVersion);
	return group === '' ? name : `${name}.${group}`;
}

/** `apps` of `apps/v1`; of the core's own, nothing. */
export function groupOf(apiVersion: string): string {
	return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
