import {expect, test} from 'vitest';
import {decode, ListReader, type Schema} from '../../../../source/backends/k8s/wire/protobuf.ts';

/** One member on the wire: its number, and text, a number or a message. */
function member(number: number, value: string | number | Buffer): Buffer {
	if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
	const bytes = Buffer.from(value as string);
	return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
	const bytes: number[] = [];
	let rest = value;
	do {
		const low = rest % 128;
		rest = Math.floor(rest / 128);
		bytes.push(rest > 0 ? low + 128 : low);
	} while (rest > 0);

	return Buffer.from(bytes);
}

const schema: Schema = {
	1: {name: 'name', type: 'string'},
	2: {name: 'count', type: 'int'},
	3: {name: 'isOn', type: 'bool'},
	4: {name: 'labels', type: 'labels'},
	5: {name: 'at', type: 'time'},
	6: {name: 'parts', type: {1: {name: 'name', type: 'string'}}, many: true},
	7: {name: 'limits', type: 'quantities'},
};

function entry(key: string, value: string | Buffer): Buffer {
	return Buffer.concat([member(1, key), member(2, value)]);
}

test('named members are read, all others jumped over', () => {
	const bytes = Buffer.concat([
		member(9, 'unknown'),
		member(10, 300),
		Buffer.from([11 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8]),
		Buffer.from([12 * 8 + 5, 1, 2, 3, 4]),
		member(1, 'wéb'),
		member(2, 5_000_000_000),
		member(3, 1),
		member(4, entry('a', '1')),
		member(4, entry('__proto__', 'x')),
		member(5, member(1, 1_700_000_000)),
		member(6, member(1, 'one')),
		member(6, member(1, 'two')),
		member(7, entry('cpu', member(1, '100m'))),
	]);
	expect(decode(bytes, schema)).toEqual({
		name: 'wéb',
		count: 5_000_000_000,
		isOn: true,
		labels: Object.defineProperty({a: '1'}, '__proto__', {value: 'x', enumerable: true}),
		at: 1_700_000_000_000,
		parts: [{name: 'one'}, {name: 'two'}],
		limits: {cpu: '100m'},
	});
});

test('what is empty is left out, as in JSON', () => {
	expect(
		decode(Buffer.concat([member(1, ''), member(5, Buffer.alloc(0)), member(6, Buffer.alloc(0))]), schema),
	).toEqual({
		parts: [{}],
	});
});

const list = Buffer.concat([
	Buffer.from('k8s\0'),
	member(1, Buffer.concat([member(1, 'v1'), member(2, 'PodList')])),
	member(
		2,
		Buffer.concat([
			member(1, Buffer.concat([member(2, '4711'), member(3, 'more')])),
			...Array.from({length: 50}, (_, index) => member(2, member(1, `pod-${index}-${'x'.repeat(index * 3)}`))),
		]),
	),
	member(3, ''),
	member(4, ''),
]);

for (const size of [1, 2, 3, 7, 64, 1000, 100_000]) {
	test(`a list that arrives in pieces of ${size} bytes`, () => {
		const reader = new ListReader({1: {name: 'name', type: 'string'}});
		const items: unknown[] = [];
		for (let from = 0; from < list.length; from += size) items.push(...reader.feed(list.subarray(from, from + size)));
		expect(items.length).toBe(50);
		expect(items[49]).toEqual({name: `pod-49-${'x'.repeat(147)}`});
		expect([reader.revision, reader.continueToken]).toEqual(['4711', 'more']);
	});
}

test('what is none is refused', () => {
	const reader = new ListReader(schema);
	expect(() => reader.feed(Buffer.from('{"kind":"Status"}'))).toThrow(/no answer of Kubernetes/);
	expect(() => decode(Buffer.from([10, 200, 1]), schema)).toThrow(/behind the end/);
	expect(() => decode(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), schema)).toThrow(
		/too many bytes/,
	);
});
