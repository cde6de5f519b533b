import {isObject} from './merge-patch.ts';

/** One place in which a document differs: `a.b`, with what stood there and what stands there now; absent is undefined. */
export type Difference = {readonly path: string; readonly from: unknown; readonly to: unknown};

/** Every place in which two documents differ, as deep as both are objects there. */
export function differences(from: unknown, to: unknown, path = ''): readonly Difference[] {
	if (isObject(from) && isObject(to)) {
		const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
		return names.flatMap(name => differences(from[name], to[name], path === '' ? name : `${path}.${name}`));
	}

	return same(from, to) ? [] : [{path, from, to}];
}

/** The merge patch (RFC 7396) that makes `to` of `from`: what is gone is null. */
export function patchBetween(from: unknown, to: unknown): unknown {
	if (!isObject(from) || !isObject(to)) {
		return to;
	}

	const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(name => !same(from[name], to[name]));
	return Object.fromEntries(
		names.map(name => [name, to[name] === undefined ? null : patchBetween(from[name], to[name])]),
	);
}

/** Which of one's own changes touch what somebody else changed too, and not in the same way. */
export function collisions(mine: readonly Difference[], theirs: readonly Difference[]): readonly Difference[] {
	return mine.filter(one =>
		theirs.some(other => isWithin(one.path, other.path) && !(one.path === other.path && same(one.to, other.to))),
	);
}

function isWithin(a: string, b: string): boolean {
	return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** Equal as JSON, whatever the order of members. */
export function same(a: unknown, b: unknown): boolean {
	if (isObject(a) && isObject(b)) {
		const names = new Set([...Object.keys(a), ...Object.keys(b)]);
		return [...names].every(name => same(a[name], b[name]));
	}

	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((item, index) => same(item, b[index]));
	}

	return a === b;
}
