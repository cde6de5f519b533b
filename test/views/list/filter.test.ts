import {expect, test} from 'vitest';
import {type Filterable, parseFilter} from '../../../source/views/list/filter.ts';

const rows: readonly Filterable[] = [
	{text: 'web nodejs', labels: {app: 'shop', tier: 'front'}},
	{text: 'Web-2 nodejs', labels: {app: 'shop'}},
	{text: 'worker jobs', labels: {app: 'mail'}},
	{text: 'a.b', labels: {}},
];

function check(filter: string, expected: string) {
	test(JSON.stringify(filter), () => {
		const parsed = parseFilter(filter);
		const found = rows.filter(row => parsed?.matches(row) ?? true).map(({text}) => text.split(' ')[0]);
		expect(found.join(' ')).toBe(expected);
	});
}

check('', 'web Web-2 worker a.b');
check('  ', 'web Web-2 worker a.b');
check('web', 'web Web-2');
check('Web', 'Web-2');
check('^w.*s$', 'web Web-2 worker');
check('!web', 'worker a.b');
check('!', 'web Web-2 worker a.b');
check('-f wrk', 'worker');
check('-f', 'web Web-2 worker a.b');
check('-l app=shop', 'web Web-2');
check('-l app==shop', 'web Web-2');
check('-l app!=shop', 'worker a.b');
check('-l tier', 'web');
check('-l app=shop,tier=front', 'web');
check('-l app=shop, tier!=front', 'Web-2');
check('-l app=shop,', 'web Web-2');
check('!-l app', 'a.b');
check('a.b', 'a.b');
check('[', '');

test('what is no regular expression is taken as text, and says so', () => {
	expect(parseFilter('a.b(')?.matches({text: 'x A.B( y'})).toBe(true);
	expect(parseFilter('a.b(')?.note).toContain('taken as text');
});
