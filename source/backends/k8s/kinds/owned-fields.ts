import {isObject} from '../../../core/difference/merge-patch.ts';
import type {Json} from '../write/json.ts';
import {isSame} from '../write/manifest-template.ts';

export type ManagedFields = ReadonlyArray<{
	readonly manager?: string;
	readonly operation?: string;
	readonly subresource?: string;
	readonly fieldsV1?: unknown;
}>;

/** Of an object only what a manager has applied: what it has to apply again to keep it. */
export function ownedPart(object: Json, managed: ManagedFields, manager: string): Json {
	const own = managed.find(
		entry => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === undefined,
	);
	return own === undefined ? {} : ((partOf(object, own.fieldsV1) ?? {}) as Json);
}

/** In a set of fields `f:NAME` is a member, `k:{…}` an entry with these keys, `v:…` an entry of that value; `.` is the thing itself. */
function partOf(value: unknown, fields: unknown): unknown {
	const names = isObject(fields) ? Object.keys(fields).filter(name => name !== '.') : [];
	if (!isObject(fields) || names.length === 0) return value;
	if (Array.isArray(value)) return value.flatMap(entry => entryOf(entry, fields, names));
	if (!isObject(value)) return value;
	const members = names.flatMap(name => {
		const key = name.slice(2);
		return name.startsWith('f:') && value[key] !== undefined ? [[key, partOf(value[key], fields[name])] as const] : [];
	});
	return Object.fromEntries(members);
}

/** An entry goes with the keys that it is known by. */
function entryOf(
	entry: unknown,
	fields: Readonly<Record<string, unknown>>,
	names: readonly string[],
): readonly unknown[] {
	for (const name of names) {
		const wanted = jsonOf(name.slice(2));
		if (name.startsWith('v:') && isSame(wanted, entry)) return [entry];
		if (name.startsWith('k:') && isObject(entry) && isObject(wanted) && has(entry, wanted)) {
			return [{...wanted, ...(partOf(entry, fields[name]) as object)}];
		}
	}

	return [];
}

function has(entry: Readonly<Record<string, unknown>>, keys: Readonly<Record<string, unknown>>): boolean {
	return Object.entries(keys).every(([key, value]) => isSame(entry[key], value));
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
