import {isObject} from '../../../core/difference/merge-patch.ts';
import type {ResourceType} from '../../../core/resource/facet.ts';
import type {WireObject} from '../wire/wire.ts';

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

/** A secret with what it holds as text, where it is any; anything else is what it was. */
export function withPlainSecrets({kind, apiVersion}: ResourceType, object: WireObject): WireObject {
	const {data, ...rest} = object as WireObject & {data?: unknown};
	if (kind !== 'Secret' || apiVersion !== 'v1' || !isObject(data)) return object;
	const decoded = Object.entries(data).map(([name, value]) => [name, plainText(String(value))] as const);
	const texts = decoded.filter(([, text]) => text !== undefined);
	const others = decoded.filter(([, text]) => text === undefined).map(([name]) => [name, data[name]]);
	return {
		...rest,
		...(texts.length > 0 && {stringData: Object.fromEntries(texts)}),
		...(others.length > 0 && {data: Object.fromEntries(others)}),
	} as WireObject;
}

/** Undefined: it is none. */
function plainText(base64: string): string | undefined {
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(Buffer.from(base64, 'base64'));
	} catch {
		return undefined;
	}
}

function sizes(data: object, encoding: 'base64' | 'utf8'): Record<string, string> {
	return Object.fromEntries(
		Object.entries(data).map(([name, value]) => [name, `${Buffer.from(String(value), encoding).length} bytes`]),
	);
}
