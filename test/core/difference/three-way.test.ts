import {describe, expect, test} from 'vitest';
import {mergePatch} from '../../../source/core/difference/merge-patch.ts';
import {collisions, differences, patchBetween, same} from '../../../source/core/difference/three-way.ts';

const text = (from: unknown, to: unknown) =>
	differences(from, to)
		.map(one => `${one.path}: ${JSON.stringify(one.from) ?? '–'} → ${JSON.stringify(one.to) ?? '–'}`)
		.join('\n');

describe('differences', () => {
	const check = (name: string, from: unknown, to: unknown, expected: string) => {
		test(name, () => {
			expect(text(from, to)).toBe(expected);
			// What differs is just what a patch has to change.
			expect(same(mergePatch(from as object, patchBetween(from, to) as object), to)).toBe(true);
		});
	};

	check('none', {a: 1, b: {c: [1]}}, {b: {c: [1]}, a: 1}, '');
	check('a value', {a: 1}, {a: 2}, 'a: 1 → 2');
	check('deep down', {a: {b: {c: 1}}}, {a: {b: {c: 2}}}, 'a.b.c: 1 → 2');
	check('a new one and one that went', {a: 1}, {b: 2}, 'a: 1 → –\nb: – → 2');
	check('lists as a whole', {a: [1, 2]}, {a: [1, 3]}, 'a: [1,2] → [1,3]');
	check('an object for a value', {a: 1}, {a: {b: 2}}, 'a: 1 → {"b":2}');
});

describe('collisions', () => {
	const check = (name: string, base: unknown, mine: unknown, theirs: unknown, expected: string) => {
		test(name, () => {
			const found = collisions(differences(base, mine), differences(base, theirs));
			expect(found.map(({path}) => path).join(' ')).toBe(expected);
		});
	};

	check('different places', {a: 1, b: 1}, {a: 2, b: 1}, {a: 1, b: 2}, '');
	check('the same place', {a: 1, b: 1}, {a: 2, b: 2}, {a: 3, b: 1}, 'a');
	check('the same place in the same way', {a: 1}, {a: 2}, {a: 2}, '');
	check('within what others took away', {a: {b: 1, c: 1}}, {a: {b: 2, c: 1}}, {}, 'a.b');
	check('around what others changed', {a: {b: 1}}, {}, {a: {b: 2}}, 'a');
	check('names that only begin alike', {ab: 1, a: 1}, {ab: 2, a: 1}, {ab: 1, a: 2}, '');
});
