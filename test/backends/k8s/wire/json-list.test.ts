import {expect, test} from 'vitest';
import {JsonList, type JsonSchema} from '../../../../source/backends/k8s/wire/json-list.ts';

const schema: JsonSchema = {n: 'text', inner: {n: 'text', list: [{n: 'text'}]}};

/** Whole, and in pieces of every size: the same items come out. */
function check(title: string, answer: string, expected: readonly unknown[]): void {
	test(title, () => {
		const bytes = Buffer.from(answer);
		for (let size = 1; size <= bytes.length; size++) {
			const items = new JsonList(schema);
			const found: unknown[] = [];
			for (let at = 0; at < bytes.length; at += size) found.push(...items.feed(bytes.subarray(at, at + size)));
			expect(found, `pieces of ${size} bytes`).toEqual(expected);
		}
	});
}

check('members of items', '{"kind":"L","metadata":{"a":{}},"items":[{"n":"1"},{"m":[{}, 2],"inner":{"n":"2"}}]}', [
	{n: '1'},
	{inner: {n: '2'}},
]);
check('lists within items', '{"items":[{"inner":{"list":[{"n":"1","x":1},{"n":"2"},3]}},{"inner":{"list":[]}}]}', [
	{inner: {list: [{n: '1'}, {n: '2'}]}},
	{inner: {list: []}},
]);
check('a name elsewhere than the schema says', '{"n":"0","items":[{"other":{"n":"1","items":[{"n":"2"}]}}],"n":"3"}', [
	{},
]);
check('what is of another type than the schema says', '{"items":[{"n":1,"inner":null},{"n":{"n":"2"},"inner":[1]}]}', [
	{},
	{},
]);
check('numbers and words between', '{"a":-1.5e3,"b":true,"items":[{"a":[1,null , false],"n":"1","c":2}]}', [{n: '1'}]);
check('no items', '{"items":[]}', []);
check('no list at all', '{"items":null}', []);
check('nothing', '{}', []);
check('braces, quotes and escapes within texts', '{"items":[{"a":"}]{\\"n\\\\","n":"\\"\\u0041\\\\"},{"n":"\\\\"}]}', [
	{n: '"A\\'},
	{n: '\\'},
]);
check('letters of several bytes', '{"items":[{"n":"grün – 集群"}]}', [{n: 'grün – 集群'}]);
check('spaces and lines', '{\n  "items" : [ {\n "n" : "1" , "inner" :\t{ } } ,\n { } ]\n}\n', [
	{n: '1', inner: {}},
	{},
]);
check('a member called __proto__', '{"items":[{"__proto__":{"n":"1"},"n":"2"}]}', [{n: '2'}]);

for (const answer of ['[]', '{"items":[1]}', '{"items":[{"n" "1"}]}', '{"items":[{"n":"1"} {}]}', '<html>']) {
	test(`refused: ${answer}`, () => {
		expect(() => new JsonList(schema).feed(Buffer.from(answer))).toThrow(SyntaxError);
	});
}

test('an item without end is refused', () => {
	const items = new JsonList(schema);
	items.feed(Buffer.from('{"items":[{"n":"'));
	const piece = Buffer.alloc(100_000, 97);
	expect(() => {
		for (let index = 0; index < 20; index++) items.feed(piece);
	}).toThrow('larger than 1 MiB');
});
