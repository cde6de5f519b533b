import {isObject, mergePatch} from './merge-patch.ts';

/** One place in which a document differs: `a.b`, with what stood there and what stands there now; absent is undefined. */
export type Difference = {
	/** For people: a name may have dots in it. */
	readonly path: string;
	readonly keys: readonly string[];
	readonly from: unknown;
	readonly to: unknown;
};

/** Every place in which two documents differ, as deep as both are objects there. */
export function differences(from: unknown, to: unknown, keys: readonly string[] = []): readonly Difference[] {
	if (isObject(from) && isObject(to)) {
		const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
		return names.flatMap(name => differences(from[name], to[name], [...keys, name]));
	}

	return same(from, to) ? [] : [{path: keys.join('.'), keys, from, to}];
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
	return mine.filter(one => theirs.some(other => areNested(one.keys, other.keys) && !isSameChange(one, other)));
}

function isSameChange(a: Difference, b: Difference): boolean {
	return a.keys.length === b.keys.length && same(a.to, b.to);
}

/** One of them is the other, or lies in it. */
function areNested(a: readonly string[], b: readonly string[]): boolean {
	const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
	return shorter.every((key, index) => key === longer[index]);
}

/** A document with what one difference has changed. */
export function withDifference(document: unknown, {keys, to}: Pick<Difference, 'keys' | 'to'>): unknown {
	const patch = keys.reduceRight<unknown>((inner, key) => ({[key]: inner}), to === undefined ? null : to);
	return mergePatch(document as object, patch as object);
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
