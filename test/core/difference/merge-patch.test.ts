import {describe, expect, test} from 'vitest';
import type {Patch} from '../../../source/core/backend.ts';
import {inversePatch, mergePatch} from '../../../source/core/difference/merge-patch.ts';
import {deepFreeze} from '../../../source/orchestrator/store/freeze.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

type Json = unknown;

function merge(target: Json, patch: Json): Json {
	return mergePatch(deepFreeze(target), deepFreeze(patch) as Patch<unknown>);
}

describe('mergePatch', () => {
	function check(name: string, target: string, patch: string, expected: string): void {
		test(name, () => {
			expect(JSON.stringify(merge(JSON.parse(target), JSON.parse(patch)))).toBe(expected);
		});
	}

	check('a member is replaced', '{"a":"b"}', '{"a":"c"}', '{"a":"c"}');
	check('a member is added', '{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}');
	check('null takes a member away', '{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}');
	check('null of a member that is not there does nothing', '{"e":1}', '{"a":null}', '{"e":1}');
	check('an array is replaced whole', '{"a":[1,2,3]}', '{"a":[4]}', '{"a":[4]}');
	check('an array keeps its nulls', '{"a":[1]}', '{"a":[null]}', '{"a":[null]}');
	check('an array takes the place of an object', '{"a":{"b":1}}', '{"a":["c"]}', '{"a":["c"]}');
	check('an object takes the place of an array', '{"a":["c"]}', '{"a":{"b":1}}', '{"a":{"b":1}}');
	check('objects are merged', '{"a":{"b":1,"c":2}}', '{"a":{"b":3,"c":null}}', '{"a":{"b":3}}');
	check('nulls of a new object are dropped', '{}', '{"a":{"b":{"c":null}}}', '{"a":{"b":{}}}');
	check('what is no object is replaced', '{"a":"foo"}', '"bar"', '"bar"');
	check('__proto__ is a member like any other', '{}', '{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}');

	test('undefined counts as not given', () => {
		expect(merge({a: 1}, {a: undefined, b: undefined})).toStrictEqual({a: 1});
	});

	test('what stays the same is shared', () => {
		const before = {a: {x: 1}, b: {y: 1}};
		expect((merge(before, {b: {y: 2}}) as typeof before).a).toBe(before.a);
	});
});

describe('inversePatch', () => {
	function check(name: string, before: string, patch: string, expected: string): void {
		test(name, () => {
			expect(JSON.stringify(inversePatch<unknown>(JSON.parse(before), JSON.parse(patch)))).toBe(expected);
		});
	}

	check('of a replacement is the former value', '{"a":1,"b":2}', '{"a":3}', '{"a":1}');
	check('of an addition is null', '{}', '{"a":3}', '{"a":null}');
	check('of a removal is the former value', '{"a":{"b":1}}', '{"a":null}', '{"a":{"b":1}}');
	check('goes into objects', '{"a":{"b":1,"c":2}}', '{"a":{"b":3,"d":4}}', '{"a":{"b":1,"d":null}}');

	const seeds = 2000;
	test(`brings back what was there, ${seeds} seeds`, () => {
		for (let seed = 0; seed < seeds; seed++) {
			const random = seededRandom(seed);
			const before = randomObject(random, 3, false);
			const patch = randomObject(random, 3, true);
			const back = merge(merge(before, patch), inversePatch<unknown>(before, patch as Patch<unknown>));
			expect(back, `seed ${seed}`).toStrictEqual(before);
		}
	});
});

function randomObject(random: () => number, depth: number, isPatch: boolean): Json {
	const entries = ['a', 'b', 'c']
		.filter(() => random() < 0.6)
		.map(key => [key, randomValue(random, depth - 1, isPatch)]);
	return Object.fromEntries(entries);
}

function randomValue(random: () => number, depth: number, isPatch: boolean): Json {
	const dice = random();
	if (isPatch && dice < 0.2) return null;
	if (dice < 0.5 && depth > 0) return randomObject(random, depth, isPatch);
	return dice < 0.7 ? [Math.floor(random() * 3)] : Math.floor(random() * 3);
}
