import {expect, test} from 'vitest';
import {JsonItems} from '../../../source/backends/k8s/json-items.ts';

/** Whole, and in pieces of every size: the same items come out. */
function check(title: string, answer: string, expected: readonly unknown[]): void {
	test(title, () => {
		const bytes = Buffer.from(answer);
		for (let size = 1; size <= bytes.length; size++) {
			const items = new JsonItems();
			const found: string[] = [];
			for (let at = 0; at < bytes.length; at += size) found.push(...items.feed(bytes.subarray(at, at + size)));
			expect(
				found.map(text => JSON.parse(text)),
				`pieces of ${size} bytes`,
			).toEqual(expected);
		}
	});
}

check('items of a list', '{"kind":"L","metadata":{"a":{}},"items":[{"n":1},{"n":{"m":[{}, 2]}}]}', [
	{n: 1},
	{n: {m: [{}, 2]}},
]);
check('no items', '{"items":[]}', []);
check('no list at all', '{"items":null}', []);
check('braces, quotes and escapes within texts', '{"items":[{"n":"}]{\\"x\\\\"},{"n":"\\\\"}]}', [
	{n: '}]{"x\\'},
	{n: '\\'},
]);
check('letters of several bytes', '{"items":[{"n":"grün – 集群"}]}', [{n: 'grün – 集群'}]);
check('spaces and lines', '{\n  "items" : [ {\n "n" : 1 } ,\n { } ]\n}\n', [{n: 1}, {}]);
