import type {ResourceType} from '../../core/backend.ts';
import {isObject} from '../../core/merge-patch.ts';
import type {WireObject} from './wire.ts';

/** kubectl keeps there what it was given, in plain. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** A secret with how much it holds in the place of what; anything else is what it was. */
export function withoutSecrets({kind, apiVersion}: ResourceType, object: WireObject): WireObject {
	if (kind !== 'Secret' || apiVersion !== 'v1') return object;
	const {data, stringData, metadata, ...rest} = object as WireObject & {data?: unknown; stringData?: unknown};
	const {[lastApplied]: _, ...annotations} = metadata.annotations ?? {};
	return {
		...rest,
		metadata: {...metadata, ...(metadata.annotations && {annotations})},
		...(isObject(data) && {data: sizes(data, 'base64')}),
		...(isObject(stringData) && {stringData: sizes(stringData, 'utf8')}),
	} as WireObject;
}

function sizes(data: object, encoding: 'base64' | 'utf8'): Record<string, string> {
	return Object.fromEntries(
		Object.entries(data).map(([name, value]) => [name, `${Buffer.from(String(value), encoding).length} bytes`]),
	);
}
