import type {Patch} from '../backend.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** An object as JSON knows it: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON Merge Patch (RFC 7396): null takes a member away, objects are merged, anything else (arrays too) replaces. A member
 * that is undefined is taken as not given. Changes neither argument; what stays the same is shared.
 */
export function mergePatch<T>(target: T, patch: Patch<NoInfer<T>>): T {
	return merge(target, patch) as T;
}

function merge(target: unknown, patch: unknown): unknown {
	if (!isObject(patch)) return patch;
	const merged = new Map(isObject(target) ? Object.entries(target) : []);
	for (const [key, value] of Object.entries(patch)) {
		if (value === null) {
			merged.delete(key);
		} else if (value !== undefined) {
			merged.set(key, merge(merged.get(key), value));
		}
	}

	return Object.fromEntries(merged);
}

/** The patch that makes `after` of `before`; undefined: they are the same. */
export function differencePatch<T>(before: T, after: T): Patch<T> | undefined {
	return differ(before, after) as Patch<T> | undefined;
}

function differ(before: unknown, after: unknown): unknown {
	if (!isObject(before) || !isObject(after)) {
		return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
	}

	const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
	const changes = [...keys].flatMap(key => {
		const change =
			after[key] === undefined ? (before[key] === undefined ? undefined : null) : differ(before[key], after[key]);
		return change === undefined ? [] : [[key, change] as const];
	});
	return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** What brings `mergePatch(before, patch)` back to `before`. */
export function inversePatch<T>(before: T, patch: Patch<NoInfer<T>>): Patch<T> {
	return invert(before, patch) as Patch<T>;
}

function invert(before: unknown, patch: unknown): unknown {
	if (!isObject(patch) || !isObject(before)) return before;
	const had = new Map(Object.entries(before));
	return Object.fromEntries(
		Object.entries(patch)
			.filter(([, value]) => value !== undefined)
			.map(([key, value]) => [key, had.get(key) === undefined ? null : invert(had.get(key), value)]),
	);
}
